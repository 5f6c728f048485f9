import { benchmark } from './benchmark-reports.ts';
import { bonusCalculator } from './calculator.ts';
import { sourceChanges } from './change-reports.ts';
import { employeeBonus } from './employee-reports.ts';
import { dataFreshness } from './freshness-reports.ts';
import { leaderboards } from './leaderboards.ts';
import { missingBudgets, missingManagers, missingWages, suspiciousWages } from './missing-reports.ts';
import { monthly } from './monthly-reports.ts';
import { bonusesForPayroll, paycomBonuses } from './pay-reports.ts';
import { people } from './people-reports.ts';
import { budgetQuality, efficiency, jobProfitability } from './propay-reports.ts';
import { overrides, tombstones } from './record-reports.ts';
import type { ReportDefinition } from './report.ts';
import { warrantyReserves } from './reserve-reports.ts';
import { holds, parked, quarantine, runExceptions, runs } from './run-reports.ts';
import { timeQuality } from './time-reports.ts';
import { excludedJobs, jobsWithoutProPay } from './verdict-reports.ts';

/** Reports by name (M-156, B-170 to B-182). */
export const REPORTS: Readonly<Record<string, ReportDefinition>> = {
  'bonuses-for-payroll': bonusesForPayroll,
  efficiency,
  'job-profitability': jobProfitability,
  'budget-quality': budgetQuality,
  benchmark,
  monthly,
  leaderboards,
  'bonus-calculator': bonusCalculator,
  'warranty-reserves': warrantyReserves,
  'employee-bonus': employeeBonus,
  'paycom-bonuses': paycomBonuses,
  overrides,
  runs,
  'run-exceptions': runExceptions,
  quarantine,
  parked,
  holds,
  tombstones,
  'missing-wages': missingWages,
  'suspicious-wages': suspiciousWages,
  'missing-budgets': missingBudgets,
  'missing-managers': missingManagers,
  'jobs-without-propay': jobsWithoutProPay,
  'excluded-jobs': excludedJobs,
  'source-changes': sourceChanges,
  'data-freshness': dataFreshness,
  'time-quality': timeQuality,
  people,
};
