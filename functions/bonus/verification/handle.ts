import { type DailyHandler, type DailyPorts, dailyHandler } from '../daily.ts';
import { verify } from './verify.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyGroups } from './verify-groups.ts';

/**
 * Works every open ProPay and group and a seventh of the jobs out again, compares them with what is stored and puts differences right: what an
 * index or a lost record has hidden from the stream is found within a week (I15, decision 010). Walks along the audit log as well (M-153).
 */
export function verificationHandler(ports: DailyPorts): DailyHandler {
  return dailyHandler(ports, async (session, scope, time) => {
    await verify(session, scope, time);
    await verifyGroups(session, scope, time);
    await verifyAudit(session, scope, time);
  });
}
