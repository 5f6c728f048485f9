import { type AccessPattern, batchGet, EVENTUAL, getItem, query, queryIndex, type StoredItem } from './shape.ts';
import { goalInputs, goals } from './store.ts';

/** Pro-Goals: templates, goals, and what their figures are made of. */
export const goalPatterns: readonly AccessPattern[] = [
  {
    name: 'Goal template by id',
    keys: ['goalTemplateKey'],
    range: '`{t}#GO#<template>` / `O`',
    reads: [getItem('of the template')],
    users: [goals.readGoalTemplate],
  },
  {
    name: 'Goal templates by status',
    keys: ['listPartition', 'goalTemplateSort', 'goalTemplateKey'],
    range: '`by`: `{t}#L#GT` / `<status>#<template>`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the rows', EVENTUAL)],
    users: ['functions/api/goals/templates.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Templates that goals begin by, once a day and when a definition goes',
    keys: ['listPartition', 'goalTemplateSort', 'goalTemplateKey'],
    range: '`by`: `{t}#L#GT` / `<status>#`',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the templates')],
    users: [goals.listTemplatesOf],
  },
  {
    name: 'Goal by id, with what people entered',
    keys: ['goalKey', 'goalResultsKey'],
    range: '`{t}#GO#<template>`: `I#<first day>` and `V#<first day>`; the id names both',
    reads: [batchGet('of the two')],
    note: 'results of 300 people are about 30 KB',
    users: [goals.readGoal],
  },
  {
    name: 'The last goal of a template, of all or up to a day',
    keys: ['goalPartition', 'goalKey'],
    range: '`{t}#GO#<template>` / `I#`, from its end',
    reads: [query('of one goal')],
    users: [goals.readLastGoal],
  },
  {
    name: 'Goals of a template',
    keys: ['goalPartition', 'goalKey', 'workerKey', 'referenceKey'],
    range: '`{t}#GO#<template>` / `I#`',
    reads: [query('of the goals'), batchGet('of the caller and the routes, where the caller sees only own goals', EVENTUAL)],
    users: ['functions/api/goals/list-goals.ts', 'functions/api/goals/taking-part.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Goals by status and first day',
    keys: ['listPartition', 'goalSort', 'goalKey', 'workerKey', 'referenceKey'],
    range: '`by`: `{t}#L#GO` / `<status>#<first day>#<goal>`',
    reads: [
      queryIndex('by', 'of the keys'),
      batchGet('of the rows', EVENTUAL),
      batchGet('of the caller and the routes, where the caller sees only own goals', EVENTUAL),
    ],
    users: ['functions/api/goals/list-goals.ts', 'functions/api/goals/taking-part.ts', 'functions/api/pages.ts'],
  },
  {
    name: 'Goals of a status, once a day',
    keys: ['listPartition', 'goalSort', 'goalKey'],
    range: '`by`: `{t}#L#GO` / `<status>#`, from a first day on',
    reads: [queryIndex('by', 'of the keys'), batchGet('of the goals')],
    note: 'those that are Active, and those approved within 400 days; the Active ones also where somebody asks what a worker has coming',
    users: [goals.listGoalsOf],
  },
  {
    name: 'People among whom a goal’s participants are',
    keys: ['listPartition', 'workerSort', 'workerKey', 'referenceKey'],
    range: '`by`: `{t}#L#WORKER`, of a branch `<branch>#`; of a route its record; of named people nothing',
    reads: [
      getItem('of the route, where the goal is of one'),
      queryIndex('by', 'of the keys, where the goal is of the tenant, a branch or a division'),
      batchGet('of the people'),
    ],
    note: '500 people are 500 ru',
    users: [goalInputs.readGoalPeople],
  },
  {
    name: 'People of a goal whose last day is over',
    keys: ['workerKey'],
    range: '`{t}#W#<worker>` / `W`',
    reads: [batchGet('of the people')],
    users: [goalInputs.readGoalWorkers],
  },
  {
    name: 'ProPays approved in a goal’s period',
    keys: ['listPartition', 'proPaySort', 'proPayKey', 'resultKey'],
    range: '`by`: `{t}#L#PP` / `<Approved or Paid>#<branch>#` from the first day to the last',
    reads: [queryIndex('by', 'for each of the two statuses and each branch'), batchGet('of each ProPay and its result')],
    note: 'only of goals with a built-in figure; 350 ProPays of a month are about 700 ru',
    users: [goalInputs.listProPaysApprovedIn],
  },
  {
    name: 'Rework that counts, for a goal that counts callbacks',
    keys: ['listPartition', 'callbackSort', 'callbackKey'],
    range: '`by`: `{t}#L#CB` / `<state>#`, of every state but Dismissed',
    reads: [queryIndex('by', 'for each of the three states'), batchGet('of the callbacks')],
    users: [goalInputs.listLiveCallbacks],
  },
  {
    name: 'The work that a callback of a goal’s period comes back to',
    keys: ['resultKey', 'jobPartition', 'timeEntryKey'],
    range: '`{t}#J#<job>`: `!R#<n>` and `T#`',
    reads: [getItem('of the result'), query('of the time')],
    users: [goalInputs.readReworkedWork],
  },
];

/** What the goals store. */
export const goalItems: readonly StoredItem[] = [
  {
    name: 'goal template',
    mark: 'gt',
    keys: ['goalTemplateKey', 'listPartition', 'goalTemplateSort'],
    indexes: ['by'],
    writers: [goals.saveGoalTemplateAction, goals.deleteGoalTemplateAction],
  },
  {
    name: 'goal',
    mark: 'go',
    keys: ['goalKey', 'listPartition', 'goalSort'],
    indexes: ['by'],
    writers: [goals.createGoalAction, goals.updateGoalAction],
  },
  {
    name: 'what people entered for a goal',
    mark: 'gv',
    keys: ['goalResultsKey'],
    indexes: [],
    writers: [goals.saveGoalResultsAction],
  },
];
