import type { RouteDefinition } from '../route.ts';
import { readAlerts } from './alerts/read-alerts.ts';
import { changeDivision, createDivision, deleteDivision } from './edits/divisions.ts';
import { deleteCallbackOf, deleteExclusion, putCallbackOf, putExclusion } from './edits/job-facts.ts';
import { putInstalled, putProgress } from './edits/milestone-reports.ts';
import { getWorkerSettings, putWorkerSettings } from './edits/worker-settings.ts';
import { getBudget, getMaterial, getWageRecord, listBudgets, listMaterials, listWageRecords } from './figures.ts';
import { getJob, listJobs } from './jobs.ts';
import { getMilestone, listJobMilestones, listMilestones } from './milestones.ts';
import { getBranch, getClient, getDivision, getRoute, listBranches, listClients, listDivisions, listRoutes } from './places.ts';
import { getDriveTime, getTimeEntry, listDriveTimes, listTimeEntries } from './time.ts';
import { getWorker, listWorkers } from './workers.ts';

/** Routes of the mirror and of the edits it permits. */
export const mirrorRoutes: readonly RouteDefinition[] = [
  readAlerts,
  listWorkers,
  getWorker,
  getWorkerSettings,
  putWorkerSettings,
  listJobs,
  getJob,
  putExclusion,
  deleteExclusion,
  putCallbackOf,
  deleteCallbackOf,
  listJobMilestones,
  listMilestones,
  getMilestone,
  putProgress,
  putInstalled,
  listRoutes,
  getRoute,
  listBranches,
  getBranch,
  listClients,
  getClient,
  listDivisions,
  getDivision,
  createDivision,
  changeDivision,
  deleteDivision,
  listTimeEntries,
  getTimeEntry,
  listDriveTimes,
  getDriveTime,
  listWageRecords,
  getWageRecord,
  listBudgets,
  getBudget,
  listMaterials,
  getMaterial,
];
