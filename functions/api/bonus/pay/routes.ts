import type { RouteDefinition } from '../../route.ts';
import { bulkRelease, extendLineItem, holdLineItem, releaseLineItem } from './act-on-items.ts';
import { bulkPay } from './bulk-pay.ts';
import { getLineItem, listLineItems } from './line-items.ts';
import { createLineItem, createLineItemOfStatement } from './manual-items.ts';
import { payStatement } from './pay-statement.ts';
import { reopenStatement, voidStatement } from './reopen-statement.ts';
import { acknowledgeStatement, answerStatement, disputeStatement } from './statement-talk.ts';
import { getStatement, listStatements } from './statements.ts';
import { voidLineItem } from './void-item.ts';
import { getWorkerBonus } from './worker-bonus.ts';

/** Routes of line items and statements. */
export const payRoutes: readonly RouteDefinition[] = [
  listLineItems,
  createLineItem,
  createLineItemOfStatement,
  bulkRelease,
  getLineItem,
  holdLineItem,
  releaseLineItem,
  extendLineItem,
  voidLineItem,
  listStatements,
  getStatement,
  payStatement,
  bulkPay,
  reopenStatement,
  voidStatement,
  acknowledgeStatement,
  disputeStatement,
  answerStatement,
  getWorkerBonus,
];
