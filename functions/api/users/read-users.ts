import { peoplePartition } from '#model/keys.ts';
import { PERSON_ROLES } from '#model/member.ts';
import { grantsOf, USER_STATES, userState } from '#model/user.ts';
import { decodeUser, readOwnership, readUserRecords } from '#store/user-repository.ts';
import { listOf } from '../edge.ts';
import { readPage } from '../pages.ts';
import { choiceParameter, PAGING } from '../query.ts';
import { defineRoute } from '../route.ts';
import { requireUser, SEE_USERS, seenUsers } from './reach.ts';
import { revisionOf, userExample, userShape, userView } from './shapes.ts';

/** People who sign in, and those who are invited (M-147). A filtered page may hold fewer than it could; the cursor goes on. */
export const listUsers = defineRoute({
  method: 'GET',
  path: '/v1/users',
  group: 'users',
  summary: 'Users and invitations: role, scope, state, last sign-in',
  access: SEE_USERS,
  query: {
    ...PAGING,
    state: choiceParameter(USER_STATES, 'Only users in this state'),
    role: choiceParameter(PERSON_ROLES, 'Only users with this role'),
  },
  answer: { status: 200, description: 'A page of users, oldest first', schema: listOf(userShape) },
  handler: async (request) => {
    const { ports, scope, query } = request;
    const page = await readPage(request, [{ partition: peoplePartition(scope), prefix: 'I#' }]);
    const [records, ownership] = await Promise.all([
      readUserRecords(ports.table, scope, page.items.map(decodeUser)),
      readOwnership(ports.table, scope),
    ]);
    const now = ports.now();
    const wanted = (await seenUsers(request, records)).filter(
      (one) =>
        (query.state === undefined || userState(one, now) === query.state) &&
        (query.role === undefined || grantsOf(one).role === query.role),
    );
    return { body: { items: wanted.map((one) => userView(request, one, ownership)), nextCursor: page.nextCursor } };
  },
});

export const getUser = defineRoute({
  method: 'GET',
  path: '/v1/users/{id}',
  group: 'users',
  summary: 'One user',
  access: SEE_USERS,
  answer: { status: 200, description: 'The user', schema: userShape, example: userExample },
  handler: async (request) => {
    const records = await requireUser(request, request.params.id);
    const ownership = await readOwnership(request.ports.table, request.scope);
    return { body: userView(request, records, ownership), revision: revisionOf(records) };
  },
});
