// Made from the description of the API; `npm run openapi` renews it.

export type GetSettingsByAreaAnswer = (GetSettingsItem | GetSettingsItem2 | GetSettingsItem3 | {
area: "approval"
values: {
maxDataAgeMinutes?: number
}
reason?: string
} | GetSettingsItem4 | GetSettingsItem5 | GetSettingsItem6 | GetSettingsItem7 | GetSettingsItem8 | GetSettingsItem9 | GetSettingsItem10)
export type PutSettingsByAreaRequest = (GetSettingsItem | GetSettingsItem2 | GetSettingsItem3 | {
area: "approval"
values: {
maxDataAgeMinutes?: number
}
reason?: string
} | {
area: "incentives"
values: {
budgetType?: string
modification?: ({
direction: ("increase" | "decrease")
bp: number
} | null)
laborBp?: (number | null)
branches?: {
[k: string]: PutSettingsByAreaValuesBranchesAdditionalPropertiesBody
}
divisions?: {
[k: string]: PutSettingsByAreaValuesBranchesAdditionalPropertiesBody
}
routes?: {
[k: string]: PutSettingsByAreaValuesBranchesAdditionalPropertiesBody
}
}
reason?: string
} | {
area: "org"
values: {
nonBillableRules?: GetSettingsValuesNonBillableRulesItem
/**
 * @maxItems 200
 */
divisionRules?: {
divisionId: string
branchId: string
serviceType?: (string | null)
namePattern?: (string | null)
customField?: ({
field: string
/**
 * @minItems 1
 * @maxItems 100
 */
values: string[]
} | null)
routeId?: (string | null)
clientId?: (string | null)
}[]
}
reason?: string
} | GetSettingsItem6 | GetSettingsItem7 | GetSettingsItem8 | GetSettingsItem9 | {
area: "roles"
values: {
preset?: (("standard" | "open") | null)
visibility?: {
manager: {
wages: boolean
budgets: boolean
bonuses: boolean
statements: boolean
}
crew_lead: {
budgets: boolean
bonuses: boolean
excluded: boolean
leaderboard?: boolean
}
worker: {
budgets: boolean
excluded: boolean
leaderboard?: boolean
}
}
persons?: {
[k: string]: {
wages?: boolean
budgets?: boolean
bonuses?: boolean
statements?: boolean
excluded?: boolean
leaderboard?: boolean
}
}
}
reason?: string
})

export interface GetApiTokensScopeItem {
/**
 * @maxItems 200
 */
branchIds: string[]
/**
 * @maxItems 200
 */
divisionIds: string[]
/**
 * @maxItems 200
 */
routeIds: string[]
}
export interface GetBonusPoolsItem {
id: string
name: string
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
default: boolean
/**
 * @maxItems 50
 */
otherIds: string[]
splitEnabled: boolean
splitBp: number
distribution: {
formula: string
leadWeightBp?: number
ignoreHours?: boolean
}
waitingDays: number
retention: GetBonusPoolsRetentionItem
warrantyBp: number
warrantyDays: number
rollOverNegative: boolean
includeDeductions: boolean
statementAssignment: ("current" | "previous")
leadInCrewPool: boolean
managerInCrewPool: boolean
}
export interface GetBonusPoolsRetentionItem {
crew?: {
retentionBp: number
retentionDays: number
}
crew_lead?: {
retentionBp: number
retentionDays: number
}
manager?: {
retentionBp: number
retentionDays: number
}
other?: {
retentionBp: number
retentionDays: number
}
}
export interface GetBranchesItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
name: string
code: (string | null)
zone: (string | null)
city: (string | null)
active: boolean
derived: boolean
}
export interface GetBudgetsItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
jobId: string
milestoneId: (string | null)
budgetSeconds: (number | null)
laborAmount: (string | null)
contractPrice: (string | null)
laborShareBp: (number | null)
rate: (string | null)
quantity: (string | null)
tasks: {
key: string
name: string
seconds: (number | null)
amount: (string | null)
}[]
basis: string
currency: string
}
export interface GetCallbacksByWorkerItem {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
difference: string
fromReserve: string
deduction: string
}
export interface GetCallbacksItem {
id: string
state: ("Open" | "Assessed" | "Applied" | "Dismissed")
recognisedBy: ("hand" | "service_type" | "source")
originalJobId: string
jobId: string
propayId: (string | null)
currency: string
inputsVersion: (string | null)
reworkSeconds: (number | null)
reworkCost?: (string | null)
approvedSavings?: (string | null)
recomputedSavings?: (string | null)
difference?: (string | null)
byWorker: GetCallbacksByWorkerItem[]
missing: string[]
lineItemIds: string[]
openedAt: string
assessedAt: (string | null)
decidedBy: (string | null)
decidedAt: (string | null)
reason: (string | null)
}
export interface GetClientsItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
kind: ("client" | "property")
name: string
number: (string | null)
parentId: (string | null)
line1: (string | null)
city: (string | null)
region: (string | null)
postalCode: (string | null)
country: (string | null)
active: boolean
}
export interface GetConnectionsByIdHeldDeletes {
items: GetConnectionsByIdHeldDeletesItem[]
nextCursor: null
}
export interface GetConnectionsByIdHeldDeletesItem {
runId: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
count: number
share: number
cause: string
ids: string[]
openedAt: string
decision: (("confirmed" | "discarded") | null)
}
export interface GetConnectionsByIdRunsItem {
id: string
connectionId: string
trigger: string
mode: ("delta" | "full")
requestedBy: (string | null)
status: ("queued" | "running" | "finished")
outcome: (("succeeded" | "succeeded-with-quarantine" | "interrupted" | "failed") | null)
startedAt: (string | null)
finishedAt: (string | null)
legs: number
dataAsOf: (string | null)
streams: GetConnectionsByIdRunsStreamsItem[]
exceptionCount: number
error: ({
code: string
who: ("customer" | "nobody" | "us")
detail: string
} | null)
}
export interface GetConnectionsByIdRunsStreamsItem {
stream: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
outcome: string
counts: GetConnectionsByIdSyncStatusEntitiesCountsItem
pages: number
calls: number
cursorFrom: (string | null)
cursorTo: (string | null)
error: ({
code: string
who: ("customer" | "nobody" | "us")
detail: string
} | null)
}
export interface GetConnectionsByIdSyncStatusEntitiesCountsItem {
created: number
changed: number
unchanged: number
deleted: number
restored: number
skippedByStatus: number
skippedByScope: number
quarantined: number
parked: number
held: number
staleIgnored: number
}
export interface GetConnectionsByIdUploadsByUploadId {
id: string
connectionId: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
mode: ("upsert" | "replace" | "full")
window: ({
from: string
to: string
} | null)
windowProposed: boolean
status: ("waiting" | "preview" | "accepted" | "refused" | "discarded")
profile: {
name: string
version: number
}
createdAt: string
createdBy: string
expiresAt: string
runId: (string | null)
file: ({
sizeBytes: number
encoding: (string | null)
} | null)
refusal: ({
code: string
detail: string
row: (number | null)
} | null)
counts: (GetConnectionsByIdUploadsByUploadIdCounts | null)
rejected: {
row: number
reason: string
field: (string | null)
detail: string
value: (string | null)
}[]
warnings: {
row: number
reason: string
field: (string | null)
detail: string
value: (string | null)
}[]
deletions: {
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
id: string
}[]
deletionsHeld: boolean
latestDate: (string | null)
unknownStatuses: string[]
}
export interface GetConnectionsByIdUploadsByUploadIdCounts {
rows: number
created: number
changed: number
unchanged: number
deleted: number
restored: number
skippedByStatus: number
skippedByScope: number
quarantined: number
parked: number
held: number
staleIgnored: number
rejected: number
warnings: number
}
export interface GetConnectionsItem {
id: string
provider: string
name: string
accountName: (string | null)
accountId: (string | null)
state: ("disconnected" | "pending" | "active" | "degraded" | "failed")
cause: (string | null)
fix: (string | null)
cycleMinutes: number
manualResync: boolean
firstSyncDone: boolean
lastSuccessfulAt: (string | null)
lastSuccessfulRunId: (string | null)
dataAsOf: (string | null)
nextRunAt: (string | null)
entities: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
openSetupSteps: string[]
missingScopes: string[]
missingFields: string[]
openHolds: number
quarantined: number
parked: number
resync: GetConnectionsResyncItem
settings?: {
[k: string]: unknown
}
disconnectedAt: (string | null)
disconnectedBy: (string | null)
createdAt: string
}
export interface GetConnectionsResyncItem {
remaining: {
delta: number
full: number
}
retryAt: (string | null)
}
export interface GetDivisionsItem {
id: string
entity: string
sourceId: (string | null)
connectionId: (string | null)
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: (string | null)
lastChangedRunId: (string | null)
lastSeenRunId: (string | null)
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
name: string
code: (string | null)
branchId: (string | null)
overhead: boolean
active: boolean
origin: ("synced" | "local")
}
export interface GetDriveTimesItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
workerId: (string | null)
jobId: (string | null)
milestoneId: (string | null)
attribution: ("job" | "none" | "pending" | "outside_scope")
start: (string | null)
end: (string | null)
workDate: string
zone: string
durationSeconds: number
open: boolean
routeId: (string | null)
basis: string
}
export interface GetExclusionRulesItem {
id: string
type: ("service_type" | "invoice_type" | "name_pattern" | "property" | "custom_field")
value?: string
field?: string
values?: string[]
revision: number
}
export interface GetExportsFilesItem {
part: ("file" | "worksheet")
name: string
lineCount: number
total: string
checksum: string
href: string
}
export interface GetGroupsFiguresItem {
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
availableSeconds?: (number | null)
actualSeconds: number
actualCost?: string
bonusRate: (string | null)
jobsDone: number
jobsTotal: number
completedBp: (number | null)
scheduledCount?: number
eligibleCount?: number
availableBonus?: string
approvedBonus?: string
}
export interface GetJobsBudgetItem {
budgetSeconds: (number | null)
laborAmount: (string | null)
contractPrice: (string | null)
laborShareBp: (number | null)
rate: (string | null)
quantity: (string | null)
tasks: {
key: string
name: string
seconds: (number | null)
amount: (string | null)
}[]
basis: string
}
export interface GetJobsByIdMilestones {
items: GetJobsByIdMilestonesItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetJobsByIdMilestonesItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("pending" | "scheduled" | "in_progress" | "completed" | "canceled")
jobId: string
name: string
number: (string | null)
kind: ("ticket" | "visit" | "task" | "cost_line")
review: ("none" | "pending_review")
sequence: (number | null)
scheduledDate: (string | null)
scheduledStart: (string | null)
scheduledEnd: (string | null)
completedAt: (string | null)
routeId: (string | null)
crewLeadId: (string | null)
assignedIds: string[]
serviceType: (string | null)
invoiceType: (string | null)
percentBp: (number | null)
timeAndMaterials: boolean
progressBp: (number | null)
progressBasis: (("source_completed" | "source_percent" | "reported") | null)
progressReport: ({
progressBp: number
sourceBp: (number | null)
by: string
at: string
} | null)
installed: {
item: string
quantity: string
by: string
at: string
}[]
budget?: (GetJobsBudgetItem | null)
propayId: (string | null)
propayVerdict?: (string | null)
excludedBy?: (string | null)
}
export interface GetJobsItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("pending" | "in_progress" | "completed" | "canceled")
name: string
number: (string | null)
clientId: (string | null)
propertyId: (string | null)
branchId: (string | null)
divisionId: (string | null)
routeId: (string | null)
managerId: (string | null)
crewLeadId: (string | null)
parentJobId: (string | null)
recurring: boolean
serviceType: (string | null)
invoiceType: (string | null)
startDate: (string | null)
endDate: (string | null)
completedAt: (string | null)
canceledAt: (string | null)
contractPrice?: (string | null)
currency: string
customFields: {
[k: string]: string
}
budget?: (GetJobsBudgetItem | null)
hasPropay: boolean
propayIds: string[]
propayVerdict?: (string | null)
excludedBy?: (string | null)
exclusion?: ({
by: string
at: string
reason: (string | null)
from?: string
} | null)
includedByHand?: ({
by: string
at: string
reason: (string | null)
from?: string
} | null)
callbackOf?: (string | null)
}
export interface GetLinksItem {
id: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "job" | "milestone")
connectionId: string
sourceId: string
targetId: string
state: ("proposed" | "confirmed" | "discarded")
basis: string
at: string
decidedBy: (string | null)
decidedAt: (string | null)
}
export interface GetMaterialsItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
milestoneId: string
item: string
name: string
unit: string
allocated: string
installed: (string | null)
unitValue: (string | null)
currency: string
}
export interface GetProGoalTemplatesItem {
id: string
status: ("Draft" | "Live" | "Archived")
version: number
description: (string | null)
scope: ({
type: "tenant"
} | {
type: "branch"
branchId: string
} | {
type: "division"
divisionId: string
} | {
type: "route"
routeId: string
})
/**
 * @maxItems 50
 */
tiers: GetProGoalTemplatesTiersItem[]
pool: GetProGoalTemplatesPoolItem
name: (string | null)
cadence: (("weekly" | "biweekly" | "monthly" | "quarterly" | "yearly") | null)
anchorDate: (string | null)
period: ({
startDate: string
endDate: string
} | null)
participants: (({
type: "all"
} | {
type: "roles"
/**
 * @minItems 1
 */
roles: ("manager" | "crew_lead" | "worker")[]
} | {
type: "named"
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds: string[]
}) | null)
metric: ({
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
} | null)
managerId: (string | null)
/**
 * @maxItems 50
 */
disqualifierIds: string[]
/**
 * @maxItems 50
 */
penaltyIds: string[]
liveOn: (string | null)
missing: string[]
warnings: {
code: "tier-gap"
from: number
to: number
}[]
createdAt: string
}
export interface GetProGoalTemplatesTiersItem {
index: number
type: ("between" | "gte" | "lte")
min?: (number | null)
max?: (number | null)
reward: string
}
export interface GetProGoalTemplatesPoolItem {
waitingDays: number
retentionBp: number
retentionDays: number
warrantyBp: number
warrantyDays: number
statementAssignment: ("current" | "previous")
}
export interface GetProGoalsByIdResults {
goalId: string
status: ("Active" | "Approved" | "Paid" | "Canceled")
metric: {
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
}
outcome: (("applies" | "cannot-tell") | null)
missing: string[]
inputsVersion: (string | null)
dataAsOf: (string | null)
currency: string
values: GetProGoalsByIdResultsValuesItem[]
otherWorkerIds: string[]
}
export interface GetProGoalsByIdResultsValuesItem {
workerId: string
value: (number | null)
tierIndex: (number | null)
tierReward?: string
disqualifiers: {
key: string
state: ("passed" | "failed" | "pending")
note: (string | null)
}[]
penalties: {
key: string
count: number
amount: (string | null)
}[]
excluded: ({
by: ("hand" | "disqualifier")
reason: string
} | null)
reward?: string
counted: {
entity: string
id: string
revision: (number | string)
}[]
notComparable: {
entity: string
id: string
revision: (number | string)
}[]
}
export interface GetProGoalsPenaltiesItem {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind: ("fixed" | "set_at_approval")
amount: (string | null)
}
export interface GetPropaysApprovalItem {
approvedAt: string
approvalDate: string
by: string
accepted: {
code: string
reason: string
}[]
total?: string
}
export interface GetPropaysBudgetItem {
type: ("hours_budget" | "labor_budget" | "contract_price" | "rate" | "task_hours" | "task_amount")
basis: (string | null)
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
contractPrice?: (string | null)
laborBp?: (number | null)
rate?: (string | null)
quantity?: (string | null)
tasks?: {
id: string
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
}[]
}
export interface GetPropaysByIdExplainAdjustmentsItem {
lineItemId: string
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
amount: string
node: string
reason: string
records: {
entity: string
id: string
sourceId: (string | null)
}[]
}
export interface GetPropaysByIdExplainNodesItem {
id: string
rule: string
version: number
inputs: ({
node: string
} | {
record: string
recordId: string
revision: (number | string)
})[]
value: ((number | string) | null)
unit: ("cents" | "seconds" | "bp" | "wageE4" | "weight" | "count" | "state")
residue?: string
outcome: ("applies" | "does-not-apply" | "cannot-tell")
reason?: string
missing?: string[]
}
export interface GetPropaysByIdExplainWorkersItem {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
amount: string
leaves: GetPropaysByIdExplainWorkersLeavesItem[]
}
export interface GetPropaysByIdExplainWorkersLeavesItem {
entity: string
id: string
sourceId: (string | null)
revision: (number | string)
workDate: (string | null)
seconds: (number | null)
amount: string
}
export interface GetPropaysByIdPhasesItem {
id: string
propayId: string
name: string
milestoneIds: string[]
status: ("Draft" | "Active" | "Approved" | "Paid" | "Excluded" | "Canceled")
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: string
snapshotId: (string | null)
calculatedAt: string
currency: string
startDate: (string | null)
completionBp: (number | null)
excluded: ({
by: string
at: string
reason: (string | null)
} | null)
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
settled: boolean
stages: {
projected: string
reserve: string
approved: string
paid: string
}
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
approval: (GetPropaysApprovalItem | null)
sourceChange: ({
state: ("Open" | "Cleared")
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
lineItemIds: string[]
}
export interface GetPropaysDisqualifiersItem {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
state: ("passed" | "failed" | "pending")
note: (string | null)
answeredBy: (string | null)
answeredAt: (string | null)
}
export interface GetPropaysPenaltiesItem {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind: ("fixed" | "set_at_approval")
amount: (string | null)
count: number
setBy: (string | null)
setAt: (string | null)
}
export interface GetPropaysResultItem {
outcome: ("applies" | "does-not-apply" | "cannot-tell")
missing: string[]
budgetAmount?: string
budgetSeconds?: number
actualSeconds?: number
actualCost?: string
blendedWage?: (string | null)
savedSeconds?: number
savings?: string
workerShare?: string
penalty?: string
pools?: GetPropaysResultPoolsItem
payouts?: GetPropaysResultPayoutsItem[]
companyKeeps?: string
leadPay?: string
approvable: boolean
notes?: string[]
}
export interface GetPropaysResultPoolsItem {
crew: string
crewLead: string
manager: string
other: string
company: string
}
export interface GetPropaysResultPayoutsItem {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
amount: string
seconds: number
aboveStraightPay?: true
}
export interface GetPropaysByIdPhasesReserve {
total: string
byWorker: {
workerId: string
amount: string
}[]
ended: boolean
movements: GetPropaysByIdPhasesReserveMovementsItem[]
}
export interface GetPropaysByIdPhasesReserveMovementsItem {
kind: ("approval" | "unapproval" | "release" | "change")
phaseId: (string | null)
by: string
at: string
byWorker: {
workerId: string
role: string
amount: string
}[]
lineItemIds: string[]
}
export interface GetPropaysDistributionItem {
formula: ("per_hour" | "wage_weighted" | "per_head" | "crew_lead_weighted" | "manual" | "total_earnings")
leadWeightBp?: number
ignoreHours?: boolean
/**
 * @maxItems 500
 */
amounts?: {
workerId: string
amount: string
}[]
}
export interface GetPropaysItem {
id: string
reference: string
title: string
notes: (string | null)
status: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: string
snapshotId: (string | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
jobId: string
milestoneIds: string[]
branchId: (string | null)
divisionId: (string | null)
routeId: (string | null)
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
excludedWorkerIds: string[]
includedWorkerIds: string[]
workerIds: string[]
groupId: (string | null)
phaseMode: ("off" | "independent" | "reserve")
budget?: (GetPropaysBudgetItem | null)
settingModification?: ({
direction: ("increase" | "decrease")
bp: number
scope: ("route" | "division" | "branch" | "tenant")
} | null)
adjustment?: ({
type: "none"
} | {
type: ("percentage_increase" | "percentage_decrease")
valueBp: number
} | {
type: "multiply"
factorBp: number
} | {
type: "manual_amount"
value: string
} | {
type: "manual_hours"
valueSeconds: number
})
warnings: string[]
completionBp: (number | null)
pool: GetPropaysPoolItem
manualPool: (GetPropaysManualPoolItem | null)
distribution: GetPropaysDistributionItem
driveTimeInCost: boolean
burden: boolean
overtimeCost: boolean
wageBasis: ("at_start" | "by_entry_date")
leadPay: string
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
settled: boolean
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
approval: (GetPropaysApprovalItem | null)
sourceChange: ({
state: ("Open" | "Cleared")
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
lineItemIds: string[]
canceledReason: (string | null)
restoreOffered: boolean
createdAt: string
}
export interface GetPropaysPoolItem {
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
splitEnabled: boolean
splitBp: number
}
export interface GetPropaysManualPoolItem {
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
}
export interface GetRoutesItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
name: string
branchId: (string | null)
divisionId: (string | null)
crewLeadId: (string | null)
managerId: (string | null)
memberIds: string[]
order: (number | null)
active: boolean
}
export interface GetSettingsItem {
area: "tenant"
values: GetSettingsValuesItem
reason?: string
}
export interface GetSettingsValuesItem {
name?: string
country?: string
state?: (string | null)
zone?: string
currency?: string
language?: ("en" | "es")
timeFormat?: ("12h" | "24h")
hoursDisplay?: ("decimal" | "h:mm")
}
export interface GetSettingsItem10 {
area: "roles"
values: GetSettingsValuesItem9
reason?: string
}
export interface GetSettingsValuesItem9 {
preset?: (("standard" | "open") | null)
visibility?: GetSettingsValuesVisibilityItem
persons?: {
[k: string]: {
wages?: boolean
budgets?: boolean
bonuses?: boolean
statements?: boolean
excluded?: boolean
leaderboard?: boolean
}
}
}
export interface GetSettingsValuesVisibilityItem {
manager: {
wages: boolean
budgets: boolean
bonuses: boolean
statements: boolean
}
crew_lead: {
budgets: boolean
bonuses: boolean
excluded: boolean
leaderboard: boolean
}
worker: {
budgets: boolean
excluded: boolean
leaderboard: boolean
}
}
export interface GetSettingsItem2 {
area: "payroll"
values: GetSettingsValuesItem2
reason?: string
}
export interface GetSettingsValuesItem2 {
frequency?: ("weekly" | "biweekly" | "semimonthly" | "monthly" | "quarterly")
periodStart?: {
[k: string]: unknown
}
branches?: {
[k: string]: {
frequency: ("weekly" | "biweekly" | "semimonthly" | "monthly" | "quarterly")
periodStart: {
[k: string]: unknown
}
}
}
}
export interface GetSettingsItem3 {
area: "propay"
values: GetSettingsValuesItem3
reason?: string
}
export interface GetSettingsValuesItem3 {
launchDate?: (string | null)
includeInProgressAtLaunch?: boolean
autoCreate?: boolean
horizonDays?: number
programScopes?: ("all" | GetSettingsValuesProgramScopesItem)
routeRules?: {
[k: string]: {
grouped: boolean
period: ("week" | "pay")
}
}
driveTimeInCost?: boolean
materialTracking?: {
[k: string]: GetSettingsValuesMaterialTrackingAdditionalPropertiesItem
}
progressStepBp?: number
}
export interface GetSettingsValuesProgramScopesItem {
/**
 * @maxItems 1000
 */
branchIds: string[]
/**
 * @maxItems 1000
 */
divisionIds: string[]
/**
 * @maxItems 1000
 */
routeIds: string[]
}
export interface GetSettingsValuesMaterialTrackingAdditionalPropertiesItem {
tracked: boolean
unit: (string | null)
totalQuantityE4: (number | null)
unitValueCents: (number | null)
}
export interface GetSettingsItem4 {
area: "incentives"
values: GetSettingsValuesItem4
reason?: string
}
export interface GetSettingsValuesItem4 {
budgetType?: string
modification?: ({
direction: ("increase" | "decrease")
bp: number
} | null)
laborBp?: (number | null)
branches?: {
[k: string]: GetSettingsValuesBranchesAdditionalPropertiesItem
}
divisions?: {
[k: string]: GetSettingsValuesBranchesAdditionalPropertiesItem
}
routes?: {
[k: string]: GetSettingsValuesBranchesAdditionalPropertiesItem
}
}
export interface GetSettingsValuesBranchesAdditionalPropertiesItem {
budgetType: (("hours_budget" | "labor_budget" | "contract_price" | "rate" | "task_hours" | "task_amount") | null)
modification: ({
direction: ("increase" | "decrease")
bp: number
} | null)
laborBp: (number | null)
}
export interface GetSettingsItem5 {
area: "org"
values: GetSettingsValuesItem5
reason?: string
}
export interface GetSettingsValuesItem5 {
nonBillableRules?: GetSettingsValuesNonBillableRulesItem
/**
 * @maxItems 200
 */
divisionRules?: GetSettingsValuesDivisionRulesItem[]
}
export interface GetSettingsValuesNonBillableRulesItem {
/**
 * @maxItems 1000
 */
jobIds: string[]
/**
 * @maxItems 1000
 */
clientIds: string[]
/**
 * @maxItems 100
 */
serviceTypes: string[]
spreadDriveTime: boolean
}
export interface GetSettingsValuesDivisionRulesItem {
divisionId: string
branchId: string
serviceType: (string | null)
namePattern: (string | null)
customField: ({
field: string
/**
 * @minItems 1
 * @maxItems 100
 */
values: string[]
} | null)
routeId: (string | null)
clientId: (string | null)
}
export interface GetSettingsItem6 {
area: "bonus"
values: GetSettingsValuesItem6
reason?: string
}
export interface GetSettingsValuesItem6 {
netting?: ("pooled" | "separate")
phases?: GetSettingsValuesPhasesItem
burdenBudgetTypes?: ("hours_budget" | "labor_budget" | "contract_price" | "rate" | "task_hours" | "task_amount")[]
overtimeInCost?: boolean
callbackMode?: ("automatic" | "review")
/**
 * @maxItems 100
 */
callbackServiceTypes?: string[]
manualDeductionsCarry?: boolean
disputeBlocksPayment?: boolean
/**
 * @maxItems 1000
 */
excludedWorkerIds?: string[]
/**
 * @maxItems 100
 */
lineItemPurposes?: string[]
benchmarks?: GetSettingsValuesBenchmarksItem
}
export interface GetSettingsValuesPhasesItem {
mode: ("off" | "independent" | "reserve")
branches: {
[k: string]: "off" | "independent" | "reserve"
}
/**
 * @maxItems 50
 */
rules: GetSettingsValuesPhasesRulesItem[]
}
export interface GetSettingsValuesPhasesRulesItem {
id: string
name: string
serviceType: (string | null)
keyword: (string | null)
divisionId: (string | null)
}
export interface GetSettingsValuesBenchmarksItem {
branches: {
[k: string]: number
}
divisions: {
[k: string]: number
}
serviceTypes: {
[k: string]: number
}
}
export interface GetSettingsItem7 {
area: "pay-law"
values: GetSettingsValuesItem7
reason?: string
}
export interface GetSettingsValuesItem7 {
premiumPolicy?: ("off" | "by_earned_hours" | "equal_weeks" | "equal_hours")
premiumTiming?: ("with_item" | "at_approval")
workweekStart?: {
weekday: number
time: string
}
hoursSource?: ("all" | "jobs_only")
branches?: {
[k: string]: GetSettingsValuesBranchesAdditionalPropertiesItem2
}
exemptions?: {
[k: string]: {
ground: string
by?: string
}
}
/**
 * @maxItems 200
 */
confirmedHours?: GetSettingsValuesConfirmedHoursItem[]
switchedOff?: {
[k: string]: {
by?: string
at?: string
}
}
paydayDays?: number
}
export interface GetSettingsValuesBranchesAdditionalPropertiesItem2 {
premiumPolicy: (("off" | "by_earned_hours" | "equal_weeks" | "equal_hours") | null)
workweekStart: ({
weekday: number
time: string
} | null)
stateRule: (("federal" | "california") | null)
deductionPolicy: (("allowed" | "blocked") | null)
/**
 * @maxItems 100
 */
minimumWages: {
effectiveFrom: string
wageE4: number
}[]
}
export interface GetSettingsValuesConfirmedHoursItem {
calendarId: string
startDate: string
endDate?: string
by?: string
at?: string
}
export interface GetSettingsItem8 {
area: "exports"
values: GetSettingsValuesItem8
reason?: string
}
export interface GetSettingsValuesItem8 {
targets?: {
[k: string]: GetSettingsValuesTargetsAdditionalPropertiesItem
}
}
export interface GetSettingsValuesTargetsAdditionalPropertiesItem {
mode: ("bonus_only" | "bonus_by_workweek" | "bonus_plus_premium")
bonusOutsideOvertime: boolean
codes: {
[k: string]: string
}
template?: {
companyCode?: string
/**
 * @minItems 3
 */
columns?: ("Employee ID" | "Department Code" | "Date" | "Punch Time" | "Punch Type" | "Earning Code" | "Tax Profile Code" | "Comments" | "Labor Allocation Code" | "Hours" | "Dollars" | "Temporary Rate" | "DST Flag" | "Units")[]
}
closedThrough?: string
}
export interface GetSettingsItem9 {
area: "people"
values: {
managersEditWages?: boolean
managersPayStatements?: boolean
managersExportPayroll?: boolean
inviteExpiryDays?: number
wageWarnBelow?: (string | null)
}
reason?: string
}
export interface GetStatementsDisputesItem {
id: string
lineItemId: (string | null)
note: string
at: string
by: string
answer: ({
note: string
at: string
by: string
} | null)
}
export interface GetStatementsItem {
id: string
reference: (string | null)
workerId: string
workerName: (string | null)
branchId: (string | null)
period: {
startDate: string
endDate: string
}
status: ("Open" | "Paid" | "Voided")
items: PostPropaysByIdApproveLineItemsItem[]
held: string
upcomingItems: PostPropaysByIdApproveLineItemsItem[]
bonuses: string
deductions: string
ignoredDeductions: string
rolloverIn: string
netBalance: string
premium: string
informationalPremium: string
payable: string
rolloverOut: string
writtenOff: string
currency: string
wageFigures: (GetStatementsWageFiguresItem | null)
wageFloors: GetStatementsWageFloorsItem[]
payDate: (string | null)
acknowledgement: ({
at: string
by: string
} | null)
acknowledgedItems: {
lineItemId: string
at: string
by: string
}[]
disputes: GetStatementsDisputesItem[]
dataAsOf: (string | null)
calculatedAt: string
}
export interface PostPropaysByIdApproveLineItemsItem {
id: string
workerId: string
type: ("bonus" | "deduction" | "premium")
category: string
part: ("main" | "retention" | "warranty")
role: (("crew" | "crew_lead" | "manager" | "other") | null)
amount: string
currency: string
status: ("Held" | "In Process" | "Paid" | "Voided")
approvalDate: string
releaseOn: string
statementId: (string | null)
source: {
propayId?: string
groupId?: string
phaseId?: string
goalId?: string
callbackId?: string
}
purpose: (string | null)
description: (string | null)
workFrom: (string | null)
workTo: (string | null)
embeddedPremium: (string | null)
rateExclusion: ({
ground: ("discretionary" | "gift" | "referral" | "reimbursement")
legalBasis: string
reason: string
by: string
} | null)
premium: (PostPropaysByIdApproveLineItemsPremiumItem | null)
events: PostPropaysByIdApproveLineItemsEventsItem[]
replaces: (string | null)
}
export interface PostPropaysByIdApproveLineItemsPremiumItem {
weekStart: string
legalBasis: ("flsa_207" | "state_only")
formula: ("federal" | "california_production" | "california_flat")
bonuses: {
itemId: string
method: ("off" | "by_earned_hours" | "equal_weeks" | "equal_hours" | "embedded")
attributed: string
}[]
totalSeconds: number
overtimeSeconds: number
doubleTimeSeconds: number
due: string
issuedBefore: string
hours: {
entity: string
id: string
revision: number
seconds: number
}[]
label: ("incomplete" | null)
}
export interface PostPropaysByIdApproveLineItemsEventsItem {
type: ("hold" | "release" | "extend" | "void" | "paid" | "reopen")
on: string
at: string
by: string
until?: string
releaseOn?: string
note?: string
reason?: string
statementId?: string
replacedBy?: string[]
}
export interface GetStatementsWageFiguresItem {
baseWage: (string | null)
bonusRate: (string | null)
effectiveWage: (string | null)
}
export interface GetStatementsWageFloorsItem {
weekStart: string
totalSeconds: number
missing: string[]
pay: (string | null)
minimumPay: (string | null)
short: (string | null)
}
export interface GetTimeEntriesItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
workerId: (string | null)
jobId: (string | null)
milestoneId: (string | null)
attribution: ("job" | "none" | "pending" | "outside_scope")
start: (string | null)
end: (string | null)
workDate: string
zone: string
durationSeconds: number
open: boolean
category: ("work" | "shop" | "leave" | "break_paid" | "break_unpaid" | "shift")
breakSeconds: number
warranty: boolean
sourceOvertimeSeconds: (number | null)
approvedAtSource: (boolean | null)
lockedAtSource: (boolean | null)
}
export interface GetUsersInvitationItem {
state: ("needs_invite" | "pending" | "failed" | "expired" | "canceled" | "accepted")
askedAt: (string | null)
sentAt: (string | null)
expiresAt: (string | null)
failure: (string | null)
}
export interface GetUsersItem {
id: string
name: string
email?: string
phone?: (string | null)
role: ("admin" | "manager" | "crew_lead" | "worker" | "auditor")
owner: boolean
scope: GetApiTokensScopeItem
workerId: (string | null)
state: ("needs_invite" | "pending" | "failed" | "expired" | "canceled" | "active" | "deactivated" | "archived" | "removed")
invitation: GetUsersInvitationItem
ownershipOffered: boolean
lastSignInAt: (string | null)
createdAt: string
createdBy: string
revision: number
}
export interface GetWageRecordsItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "inactive")
workerId: (string | null)
effectiveFrom: string
rate: string
currency: string
burdenBp: (number | null)
}
export interface GetWebhooksItem {
id: string
url: string
events: string[]
enabled: boolean
disabledReason: (("by_hand" | "failing" | "gone") | null)
disabledAt: (string | null)
failingSince: (string | null)
formerSecretUntil: (string | null)
createdAt: string
createdBy: string
}
export interface GetWorkersByIdOverrides {
overrides: {
[k: string]: GetWorkersByIdOverridesOverridesAdditionalProperties
}
history: GetWorkersByIdOverridesHistoryItem[]
waitingPropayIds?: string[]
}
export interface GetWorkersByIdOverridesOverridesAdditionalProperties {
value: unknown
by: string
at: string
reason: (string | null)
from?: string
sourceValueWhenSet: unknown
sourceValue: unknown
conflict: boolean
effectiveFrom?: (string | null)
burdenBp?: (number | null)
note?: (string | null)
}
export interface GetWorkersByIdOverridesHistoryItem {
field: ("wage" | "role" | "active" | "manager" | "budget")
value: unknown
by: string
at: string
reason: (string | null)
from?: string
sourceValueWhenSet: unknown
clearedBy: (string | null)
clearedAt: (string | null)
keptBy: (string | null)
keptAt: (string | null)
effectiveFrom?: (string | null)
burdenBp?: (number | null)
}
export interface GetWorkersByIdSettings {
workerId: string
removeBonus: boolean
restrictAccess: boolean
payrollId: (string | null)
effectivePayrollId: (string | null)
}
export interface GetWorkersItem {
id: string
entity: string
sourceId: string
connectionId: string
generation: number
revision: number
dataAsOf: (string | null)
sourceUpdatedAt: (string | null)
sourceStatus: (string | null)
sourceUrl: (string | null)
firstSeenRunId: string
lastChangedRunId: string
lastSeenRunId: string
deletedAtSource: (string | null)
outOfScope: (string | null)
aliasOf?: string
sourceIgnored: boolean
pendingDeletion: boolean
pendingRefs: string[]
overridden: string[]
overrides: {
[k: string]: unknown
}
source?: {
contentHash: string
fields: {
[k: string]: unknown
}
}
status: ("active" | "deactivated" | "archived")
displayName: string
firstName: (string | null)
lastName: (string | null)
email?: (string | null)
phone?: (string | null)
employeeNumber: (string | null)
payrollId: (string | null)
branchId: (string | null)
divisionId: (string | null)
role: ("manager" | "crew_lead" | "worker")
sourceActive: boolean
sourceRole: (string | null)
hireDate: (string | null)
terminationDate: (string | null)
loginId: (string | null)
wage?: (string | null)
wageEffectiveFrom?: (string | null)
wageMissing?: (string | null)
currency: string
}
export interface PatchPropaysByIdDistributionBody {
formula: string
leadWeightBp?: number
ignoreHours?: boolean
/**
 * @maxItems 500
 */
amounts?: {
workerId: string
amount: string
}[]
}
export interface PostConnections {
id: string
provider: string
name: string
accountName: (string | null)
accountId: (string | null)
state: ("disconnected" | "pending" | "active" | "degraded" | "failed")
cause: (string | null)
fix: (string | null)
cycleMinutes: number
manualResync: boolean
firstSyncDone: boolean
lastSuccessfulAt: (string | null)
lastSuccessfulRunId: (string | null)
dataAsOf: (string | null)
nextRunAt: (string | null)
entities: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
openSetupSteps: string[]
missingScopes: string[]
missingFields: string[]
openHolds: number
quarantined: number
parked: number
resync: GetConnectionsResyncItem
settings?: {
[k: string]: unknown
}
disconnectedAt: (string | null)
disconnectedBy: (string | null)
createdAt: string
authorizeUrl?: string
}
export interface PostConnectionsSettingsBody {
cycleMinutes?: number
trailingDays?: number
timeImportFrom?: string
/**
 * @minItems 1
 */
entities?: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
/**
 * @maxItems 200
 */
ignoredStatuses?: string[]
statusMap?: {
[k: string]: "draft" | "pending" | "scheduled" | "in_progress" | "completed" | "canceled"
}
budgetSource?: string
budgetSyncEnabled?: boolean
importWages?: boolean
roleMap?: {
[k: string]: "manager" | "crew_lead" | "worker"
}
managerMap?: {
[k: string]: string
}
payCodeMap?: {
[k: string]: "work" | "drive" | "shop" | "leave" | "break_paid" | "break_unpaid"
}
/**
 * @maxItems 200
 */
employeeContactTypes?: string[]
/**
 * @maxItems 200
 */
recurringTypes?: string[]
/**
 * @maxItems 200
 */
driveLabels?: string[]
customFieldUses?: {
[k: string]: "hours_budget" | "labor_budget" | "service_type" | "invoice_type" | "recurring" | "exclusion" | "ignore"
}
budgetTimeFormat?: ("decimal_hours" | "hh_mm" | "seconds")
timeTypeMap?: {
[k: string]: "work" | "drive" | "shop" | "leave" | "break_paid" | "break_unpaid"
}
/**
 * @maxItems 5000
 */
projectAllowList?: string[]
branchFrom?: string
divisionFrom?: string
jobcodeLevels?: ("job>milestone" | "client>job>milestone")
jobcodeMap?: {
[k: string]: "job" | "milestone" | "overhead" | "drive" | "ignore" | "roll_up"
}
fileProfile?: ((string | {
profile: string
[k: string]: unknown
}) | (string | {
profile: string
[k: string]: unknown
})[])
expectedFileEveryDays?: number
jobcodeSettings?: {
[k: string]: {
category?: ("work" | "drive" | "shop" | "leave" | "break_paid" | "break_unpaid")
overhead?: boolean
serviceType?: string
budgetSource?: string
}
}
}
export interface PostDivisions {
id: string
name: string
branchId: string
active: boolean
origin: "local"
revision: number
}
export interface PostExclusionRules {
id: (string | null)
type: ("service_type" | "invoice_type" | "name_pattern" | "property" | "custom_field")
value?: string
field?: string
values?: string[]
revision: number
effects: PostExclusionRulesEffects
}
export interface PostExclusionRulesEffects {
jobsMatched: number
nearestValues: string[]
activePropayIds: string[]
overlapRuleIds: string[]
complete: boolean
}
export interface PostExports {
id: string
reference: string
target: ("generic" | "gusto" | "adp" | "paychex" | "quickbooks" | "paycom")
mode: ("bonus_only" | "bonus_by_workweek" | "bonus_plus_premium")
status: ("Draft" | "Exported" | "Confirmed" | "Canceled")
statementIds: string[]
lineCount: number
total: string
currency: string
templateVersion: number
checksum: (string | null)
files: GetExportsFilesItem[]
accepted: {
code: string
reason: string
}[]
events: {
status: ("Draft" | "Exported" | "Confirmed" | "Canceled")
at: string
by: string
reason: (string | null)
}[]
replaces: string[]
replacedBy: (string | null)
preflight: PostExportsPreflightItem[]
}
export interface PostExportsPreflightItem {
code: string
severity: ("error" | "warning")
who: ("admin" | "manager" | "payroll")
statementId: (string | null)
workerId: (string | null)
subject: (string | null)
detail: string
}
export interface PostGroups {
id: string
reference: string
status: ("Active" | "Approved" | "Paid" | "Canceled")
propayIds: string[]
routeId: string
branchId: (string | null)
period: {
startDate: string
endDate: string
}
netting: ("pooled" | "separate")
conflicts: {
propayId: string
fields: string[]
}[]
inputsVersion: string
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
figures: GetGroupsFiguresItem
splitEnabled: (boolean | null)
splitBp: (number | null)
manualPool: (GetPropaysManualPoolItem | null)
distribution: (GetPropaysDistributionItem | null)
excludedWorkerIds: string[]
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
workerIds: string[]
snapshotId: (string | null)
settled: boolean
approval: (GetPropaysApprovalItem | null)
lineItemIds: string[]
sourceChange: ({
state: string
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
canceledReason: (string | null)
createdAt: string
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
propayIds: string[]
}[]
members: PostGroupsMembersItem[]
}
export interface PostGroupsMembersItem {
propayId: string
reference: string
completed: boolean
confirmed: boolean
excludedWorkerIds: string[]
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
actualSeconds: number
actualCost?: string
savings: (string | null)
payouts: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
amount: string
}[]
}
export interface PostGroupsByIdSourceChangesAccept {
groupId: string
state: (("Open" | "Cleared" | "Accepted" | "Dismissed") | null)
inputsVersion: string
currency: string
deltaSeconds: (number | null)
delta?: (string | null)
byWorker: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
difference: string
}[]
missing: string[]
causes: ("canceled" | "reopened" | "moved")[]
records: {
entity: string
id: string
sourceId: (string | null)
}[]
runId: (string | null)
seenAt: (string | null)
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostPenalties {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind: ("fixed" | "set_at_approval")
amount: (string | null)
}
export interface PostProGoalTemplatesBody {
description?: (string | null)
scope?: ({
type: "tenant"
} | {
type: "branch"
branchId: string
} | {
type: "division"
divisionId: string
} | {
type: "route"
routeId: string
})
/**
 * @maxItems 50
 */
tiers?: GetProGoalTemplatesTiersItem[]
pool?: PostProGoalTemplatesPoolBody
name?: (string | null)
cadence?: (("weekly" | "biweekly" | "monthly" | "quarterly" | "yearly") | null)
anchorDate?: (string | null)
period?: ({
startDate: string
endDate: string
} | null)
participants?: (({
type: "all"
} | {
type: "roles"
/**
 * @minItems 1
 */
roles: ("manager" | "crew_lead" | "worker")[]
} | {
type: "named"
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds: string[]
}) | null)
metric?: ({
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
} | null)
managerId?: (string | null)
/**
 * @maxItems 50
 */
disqualifierIds?: string[]
/**
 * @maxItems 50
 */
penaltyIds?: string[]
}
export interface PostProGoalTemplatesPoolBody {
waitingDays?: number
retentionBp?: number
retentionDays?: number
warrantyBp?: number
warrantyDays?: number
statementAssignment?: ("current" | "previous")
}
export interface PostProGoals {
id: string
templateId: string
templateVersion: number
status: ("Active" | "Approved" | "Paid" | "Canceled")
name: string
description: (string | null)
scope: ({
type: "tenant"
} | {
type: "branch"
branchId: string
} | {
type: "division"
divisionId: string
} | {
type: "route"
routeId: string
})
/**
 * @maxItems 50
 */
tiers: GetProGoalTemplatesTiersItem[]
pool: GetProGoalTemplatesPoolItem
period: {
startDate: string
endDate: string
}
participants: ({
type: "all"
} | {
type: "roles"
/**
 * @minItems 1
 */
roles: ("manager" | "crew_lead" | "worker")[]
} | {
type: "named"
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds: string[]
})
metric: {
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
}
managerId: string
disqualifiers: {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}[]
penalties: GetProGoalsPenaltiesItem[]
approval: (GetPropaysApprovalItem | null)
snapshotId: (string | null)
canceledReason: (string | null)
currency: string
createdAt: string
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: (string | null)
dataAsOf: (string | null)
result: (PostProGoalsResult | null)
lineItemIds: string[]
}
export interface PostProGoalsResult {
outcome: ("applies" | "cannot-tell")
missing: string[]
participants: number
excluded: number
total?: string
}
export interface PostPropaysBulkApproveBody {
/**
 * @minItems 1
 * @maxItems 100
 */
items: PostPropaysBulkApproveItemBody[]
}
export interface PostPropaysBulkApproveItemBody {
id: string
inputsVersion: string
approvalDate?: string
accept?: {
code: string
reason: string
}[]
note?: string
}
export interface PostPropaysByIdApproveBody {
inputsVersion: string
approvalDate?: string
accept?: {
code: string
reason: string
}[]
note?: string
}
export interface PostPropaysByIdSourceChangesAccept {
propayId: string
state: (("Open" | "Cleared" | "Accepted" | "Dismissed") | null)
inputsVersion: string
currency: string
deltaSeconds: (number | null)
delta?: (string | null)
byWorker: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
difference: string
}[]
missing: string[]
causes: ("canceled" | "reopened" | "moved")[]
records: {
entity: string
id: string
sourceId: (string | null)
}[]
runId: (string | null)
seenAt: (string | null)
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostPropaysPreviewInputsBudgetBody {
type: string
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
contractPrice?: (string | null)
laborBp?: (number | null)
rate?: (string | null)
quantity?: (string | null)
tasks?: {
id: string
budgetSeconds?: (number | null)
budgetAmount?: (string | null)
}[]
}
export interface PostPropaysPreviewInputsDistributionBody {
formula: string
leadWeightBp?: (number | null)
ignoreHours?: (boolean | null)
amounts?: ({
workerId: string
amount: string
}[] | null)
earnings?: ({
workerId: string
amount: string
}[] | null)
}
export interface PostPropaysPreviewInputsEntriesItemBody {
workerId: string
seconds: number
wage: (string | null)
burdenBp?: (number | null)
week?: ({
totalSeconds: number
overtimeSeconds: number
doubleTimeSeconds: number
} | null)
weekStart?: string
noWeight?: (boolean | null)
}
export interface PostWebhooks {
id: string
url: string
events: string[]
enabled: boolean
disabledReason: (("by_hand" | "failing" | "gone") | null)
disabledAt: (string | null)
failingSince: (string | null)
formerSecretUntil: (string | null)
createdAt: string
createdBy: string
secret: (string | null)
}
export interface PostWebhooksByIdTest {
id: string
eventId: string
type: string
status: ("pending" | "delivered" | "failed")
attemptCount: number
attempts: PostWebhooksByIdTestAttemptsItem[]
nextAttemptAt: (string | null)
createdAt: string
}
export interface PostWebhooksByIdTestAttemptsItem {
at: string
outcome: ("delivered" | "refused" | "redirected" | "timeout" | "network" | "private_address")
answer: (number | null)
durationMs: number
}
export interface PostWorkersBulkOverrides {
accepted: string[]
refused: {
id: string
problem: Problem
}[]
}
export interface Problem {
/**
 * Ends in /problems/<code>; the page says what to do
 */
type: string
title: string
status: number
detail: string
instance: string
code: ("invalid-json" | "invalid-parameter" | "invalid-cursor" | "idempotency-key-required" | "unauthenticated" | "forbidden" | "not-found" | "method-not-allowed" | "mirror-read-only" | "idempotency-in-flight" | "cursor-expired" | "precondition-failed" | "body-too-large" | "unsupported-media-type" | "invalid-body" | "idempotency-key-reused" | "precondition-required" | "rate-limited" | "resync-quota-exceeded" | "resync-not-supported" | "too-many-webhooks" | "connection-not-runnable" | "account-mismatch" | "credentials-refused" | "authorization-over" | "entity-already-supplied" | "upload-not-supported" | "upload-superseded" | "upload-in-line" | "link-already-decided" | "hold-already-decided" | "pool-in-use" | "already-assigned" | "launch-before-paid-period" | "definition-in-use" | "division-in-use" | "owner-protected" | "already-invited" | "worker-matches" | "already-member" | "invitation-over" | "currency-fixed" | "unknown-reference" | "premium-paid-by-nobody" | "frozen" | "invalid-number" | "invalid-amount" | "invalid-percentage" | "invalid-budget" | "invalid-calendar" | "invalid-rule" | "invalid-tier" | "tier-order" | "duplicate-rule" | "template-incomplete" | "invalid-weight" | "duplicate-id" | "no-weight" | "unknown-budget-type" | "unknown-formula" | "unknown-adjustment" | "adjustment-unit-mismatch" | "pool-not-100" | "other-members-missing" | "holdback-over-100" | "days-before-waiting" | "extend-not-later" | "manual-sum-mismatch" | "not-in-crew" | "penalty-amount-missing" | "approval-date-out-of-range" | "invalid-pay-date" | "cannot-tell" | "not-complete" | "disqualifier-pending" | "open-time-entry" | "no-actual-time" | "phased" | "member-of-group" | "group-conflict" | "inputs-changed" | "stale-data" | "manager-missing" | "not-eligible" | "deleted" | "approved-unapprove-first" | "locked-choice" | "partly-paid" | "callback-applied" | "paid-is-final" | "wrong-state" | "earlier-statement-open" | "later-statement-paid" | "period-open" | "premium-incomplete" | "dispute-open" | "already-exported" | "preflight-failed" | "export-target-missing" | "nothing-to-export" | "no-bonus-to-deduct" | "deductions-blocked" | "too-many-items" | "premium-already-owned" | "source-failed" | "store-throttled" | "store-unavailable" | "store-conflict" | "pool-unavailable" | "deadline-passed" | "internal-error")
requestId: string
errors: {
pointer?: string
parameter?: string
code: string
detail: string
}[]
retryAfterSeconds?: number
nextAction?: unknown
}
export interface PutJobsByIdExclusion {
jobId: string
exclusion: ({
by: string
at: string
reason: (string | null)
from?: string
} | null)
includedByHand: ({
by: string
at: string
reason: (string | null)
from?: string
} | null)
callbackOf: (string | null)
activePropayIds: string[]
}
export interface PutMilestonesByIdProgress {
milestoneId: string
progressBp: (number | null)
progressBasis: (("source_completed" | "source_percent" | "reported") | null)
progressReport: ({
progressBp: number
sourceBp: (number | null)
by: string
at: string
} | null)
installed: {
item: string
quantity: string
by: string
at: string
}[]
}
export interface PutSettingsByAreaValuesBranchesAdditionalPropertiesBody {
budgetType?: (("hours_budget" | "labor_budget" | "contract_price" | "rate" | "task_hours" | "task_amount") | null)
modification?: ({
direction: ("increase" | "decrease")
bp: number
} | null)
laborBp?: (number | null)
}
export interface GetHealthzAnswer {
status: "ok"
}
export interface GetAlertsAnswer {
items: {
kind: ("missing_wages" | "missing_budgets" | "missing_managers" | "ready_for_approval" | "progress_requests" | "people_left" | "managers_lowered" | "conflicts" | "source_changed" | "held_items" | "statements_to_pay" | "premiums_overdue" | "below_minimum_wage" | "reserve_left" | "unfinished_groups" | "invitations_needed" | "invitations_pending" | "invitations_failed" | "broken_settings" | "premium_policy_off")
count: number
items: {
propayId?: string
propayIds?: string[]
groupId?: string
jobId?: string
milestoneId?: string
workerId?: string
userId?: string
lineItemId?: string
statementId?: string
branchId?: string
divisionId?: string
routeId?: string
setting?: string
by?: (string | null)
at?: (string | null)
fields?: string[]
askedBp?: number
askedAt?: (string | null)
href: string
}[]
action: string
}[]
}
export interface GetAlertsQuery {
branchId?: string
divisionId?: string
managerId?: string
}
export interface GetApiTokensAnswer {
items: {
id: string
name: string
role: ("owner" | "admin" | "manager" | "crew_lead" | "worker" | "auditor")
workerId: (string | null)
userId: (string | null)
scope: GetApiTokensScopeItem
createdAt: string
createdBy: string
revokedAt: (string | null)
restricted: boolean
}[]
nextCursor: null
}
export interface GetApiTokensQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostApiTokensAnswer {
id: string
name: string
role: ("owner" | "admin" | "manager" | "crew_lead" | "worker" | "auditor")
workerId: (string | null)
userId: (string | null)
scope: GetApiTokensScopeItem
createdAt: string
createdBy: string
revokedAt: (string | null)
restricted: boolean
token: (string | null)
}
export interface PostApiTokensHeaders {
"Idempotency-Key"?: string
}
export interface PostApiTokensRequest {
name: string
role: ("owner" | "admin" | "manager" | "crew_lead" | "worker" | "auditor")
workerId?: string
userId?: string
scope?: {
/**
 * @maxItems 200
 */
branchIds?: string[]
/**
 * @maxItems 200
 */
divisionIds?: string[]
/**
 * @maxItems 200
 */
routeIds?: string[]
}
}
export interface DeleteApiTokensByIdPath {
id: string
}
export interface GetAuditAnswer {
items: {
id: string
at: string
tenantId: string
actor: {
kind: ("token" | "user" | "system")
id: string
}
action: string
entity: string
entityId: string
before: unknown
after: unknown
reason: (string | null)
requestId: string
source: string
selfApproved?: true
onBehalfOf?: string
seq: (number | null)
prevHash: (string | null)
hash: (string | null)
}[]
nextCursor: (string | null)
}
export interface GetAuditQuery {
limit?: number
cursor?: string
entityId?: string
entity?: string
actor?: string
action?: string
from?: string
to?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetBonusPoolsAnswer {
items: GetBonusPoolsItem[]
nextCursor: null
}
export interface GetBonusPoolsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostBonusPoolsHeaders {
"Idempotency-Key"?: string
}
export interface PostBonusPoolsRequest {
name: string
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
default?: boolean
/**
 * @maxItems 50
 */
otherIds?: string[]
splitEnabled?: boolean
splitBp?: number
distribution?: {
formula: string
leadWeightBp?: number
ignoreHours?: boolean
}
waitingDays?: number
retention?: GetBonusPoolsRetentionItem
warrantyBp?: number
warrantyDays?: number
rollOverNegative?: boolean
includeDeductions?: boolean
statementAssignment?: ("current" | "previous")
leadInCrewPool?: boolean
managerInCrewPool?: boolean
}
export interface GetBonusPoolsByIdPath {
id: string
}
export interface PatchBonusPoolsByIdHeaders {
"If-Match": string
}
export interface PatchBonusPoolsByIdPath {
id: string
}
export interface PatchBonusPoolsByIdRequest {
name?: string
crewBp?: number
crewLeadBp?: number
managerBp?: number
otherBp?: number
companyBp?: number
default?: boolean
/**
 * @maxItems 50
 */
otherIds?: string[]
splitEnabled?: boolean
splitBp?: number
distribution?: {
formula: string
leadWeightBp?: number
ignoreHours?: boolean
}
waitingDays?: number
retention?: GetBonusPoolsRetentionItem
warrantyBp?: number
warrantyDays?: number
rollOverNegative?: boolean
includeDeductions?: boolean
statementAssignment?: ("current" | "previous")
leadInCrewPool?: boolean
managerInCrewPool?: boolean
}
export interface DeleteBonusPoolsByIdHeaders {
"If-Match": string
}
export interface DeleteBonusPoolsByIdPath {
id: string
}
export interface GetBonusPoolsByIdAssignmentsAnswer {
items: {
id: string
branchId: (string | null)
divisionId: (string | null)
}[]
nextCursor: null
}
export interface GetBonusPoolsByIdAssignmentsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetBonusPoolsByIdAssignmentsPath {
id: string
}
export interface PostBonusPoolsByIdAssignmentsAnswer {
id: string
branchId: (string | null)
divisionId: (string | null)
}
export interface PostBonusPoolsByIdAssignmentsHeaders {
"Idempotency-Key"?: string
}
export interface PostBonusPoolsByIdAssignmentsPath {
id: string
}
export interface PostBonusPoolsByIdAssignmentsRequest {
branchId?: string
divisionId?: string
}
export interface DeleteBonusPoolsByIdAssignmentsByAssignmentIdPath {
id: string
assignmentId: string
}
export interface GetBranchesAnswer {
items: GetBranchesItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetBranchesQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
format?: ("json" | "csv" | "jsonl")
}
export interface GetBranchesByIdQuery {
include?: "source"
}
export interface GetBranchesByIdPath {
id: string
}
export interface GetBudgetsAnswer {
items: GetBudgetsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetBudgetsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
jobId?: string
milestoneId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetBudgetsByIdQuery {
include?: "source"
}
export interface GetBudgetsByIdPath {
id: string
}
export interface GetCallbacksAnswer {
items: GetCallbacksItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetCallbacksQuery {
limit?: number
cursor?: string
state?: ("Open" | "Assessed" | "Applied" | "Dismissed")
jobId?: string
propayId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetCallbacksByIdPath {
id: string
}
export interface PostCallbacksByIdAcceptAnswer {
id: string
state: ("Open" | "Assessed" | "Applied" | "Dismissed")
recognisedBy: ("hand" | "service_type" | "source")
originalJobId: string
jobId: string
propayId: (string | null)
currency: string
inputsVersion: (string | null)
reworkSeconds: (number | null)
reworkCost?: (string | null)
approvedSavings?: (string | null)
recomputedSavings?: (string | null)
difference?: (string | null)
byWorker: GetCallbacksByWorkerItem[]
missing: string[]
lineItemIds: string[]
openedAt: string
assessedAt: (string | null)
decidedBy: (string | null)
decidedAt: (string | null)
reason: (string | null)
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostCallbacksByIdAcceptHeaders {
"Idempotency-Key"?: string
}
export interface PostCallbacksByIdAcceptPath {
id: string
}
export interface PostCallbacksByIdAcceptRequest {
inputsVersion?: string
reason?: string
}
export interface PostCallbacksByIdDismissHeaders {
"Idempotency-Key"?: string
}
export interface PostCallbacksByIdDismissPath {
id: string
}
export interface PostCallbacksByIdDismissRequest {
reason: string
}
export interface GetChangesAnswer {
items: {
id: string
type: string
version: 1
tenantId: string
occurredAt: string
sequence: number
subject: {
entity: string
id: string
}
actor: {
kind: ("token" | "user" | "system")
id: string
}
data: {
[k: string]: unknown
}
}[]
nextCursor: string
hasMore: boolean
}
export interface GetChangesQuery {
limit?: number
cursor?: string
types?: string
}
export interface GetClientsAnswer {
items: GetClientsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetClientsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
kind?: ("client" | "property")
format?: ("json" | "csv" | "jsonl")
}
export interface GetClientsByIdQuery {
include?: "source"
}
export interface GetClientsByIdPath {
id: string
}
export interface GetConnectionsAnswer {
items: GetConnectionsItem[]
nextCursor: null
}
export interface GetConnectionsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostConnectionsHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsRequest {
provider: string
name: string
credentials?: {
[k: string]: string
}
profile?: ((string | {
profile: string
[k: string]: unknown
}) | (string | {
profile: string
[k: string]: unknown
})[])
settings?: PostConnectionsSettingsBody
}
export interface GetConnectionsByIdPath {
id: string
}
export interface PatchConnectionsByIdHeaders {
"If-Match": string
}
export interface PatchConnectionsByIdPath {
id: string
}
export interface PatchConnectionsByIdRequest {
name?: string
profile?: ((string | {
profile: string
[k: string]: unknown
}) | (string | {
profile: string
[k: string]: unknown
})[])
settings?: PostConnectionsSettingsBody
}
export interface DeleteConnectionsByIdAnswer {
id: string
provider: string
name: string
accountName: (string | null)
accountId: (string | null)
state: ("disconnected" | "pending" | "active" | "degraded" | "failed")
cause: (string | null)
fix: (string | null)
cycleMinutes: number
manualResync: boolean
firstSyncDone: boolean
lastSuccessfulAt: (string | null)
lastSuccessfulRunId: (string | null)
dataAsOf: (string | null)
nextRunAt: (string | null)
entities: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
openSetupSteps: string[]
missingScopes: string[]
missingFields: string[]
openHolds: number
quarantined: number
parked: number
resync: GetConnectionsResyncItem
settings?: {
[k: string]: unknown
}
disconnectedAt: (string | null)
disconnectedBy: (string | null)
createdAt: string
tokensRevoked: (boolean | null)
}
export interface DeleteConnectionsByIdHeaders {
"If-Match": string
}
export interface DeleteConnectionsByIdPath {
id: string
}
export interface PostConnectionsByIdCheckHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdCheckPath {
id: string
}
export interface GetConnectionsByIdDisconnectPreviewAnswer {
periods: {
branchId: (string | null)
startDate: string
endDate: string
}[]
propayIds: string[]
detail: string
}
export interface GetConnectionsByIdDisconnectPreviewPath {
id: string
}
export interface GetConnectionsByIdHeldDeletesQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdHeldDeletesPath {
id: string
}
export interface PostConnectionsByIdHeldDeletesByRunIdConfirmHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdHeldDeletesByRunIdConfirmPath {
id: string
runId: string
}
export interface PostConnectionsByIdHeldDeletesByRunIdConfirmRequest {
/**
 * @minItems 1
 */
entities?: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
}
export interface PostConnectionsByIdHeldDeletesByRunIdDiscardHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdHeldDeletesByRunIdDiscardPath {
id: string
runId: string
}
export interface PostConnectionsByIdHeldDeletesByRunIdDiscardRequest {
/**
 * @minItems 1
 */
entities?: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
}
export interface GetConnectionsByIdParkedAnswer {
items: {
space: string
sourceId: string
since: string
reason: ("parent_missing" | "unlinked_reference")
parent: {
space: string
sourceId: string
id: string
}
}[]
nextCursor: (string | null)
}
export interface GetConnectionsByIdParkedQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdParkedPath {
id: string
}
export interface GetConnectionsByIdQuarantineAnswer {
items: {
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
sourceId: (string | null)
reason: string
field: (string | null)
value: (string | null)
since: string
attempts: number
firstRunId: string
lastRunId: string
}[]
nextCursor: (string | null)
}
export interface GetConnectionsByIdQuarantineQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdQuarantinePath {
id: string
}
export interface PostConnectionsByIdReconnectHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdReconnectPath {
id: string
}
export interface PostConnectionsByIdReconnectRequest {
credentials?: {
[k: string]: string
}
}
export interface PostConnectionsByIdResyncsAnswer {
runId: string
alreadyRunning: boolean
mode: ("delta" | "full")
remaining: {
delta: number
full: number
}
retryAt: (string | null)
}
export interface PostConnectionsByIdResyncsHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdResyncsPath {
id: string
}
export interface PostConnectionsByIdResyncsRequest {
mode?: ("delta" | "full")
/**
 * @minItems 1
 */
entities?: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
reason?: string
}
export interface GetConnectionsByIdRunsAnswer {
items: GetConnectionsByIdRunsItem[]
nextCursor: (string | null)
}
export interface GetConnectionsByIdRunsQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdRunsPath {
id: string
}
export interface GetConnectionsByIdRunsByRunIdPath {
id: string
runId: string
}
export interface GetConnectionsByIdRunsByRunIdExceptionsAnswer {
items: {
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
sourceId: (string | null)
reason: string
field: (string | null)
value: (string | null)
since: string
}[]
nextCursor: null
total: number
}
export interface GetConnectionsByIdRunsByRunIdExceptionsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdRunsByRunIdExceptionsPath {
id: string
runId: string
}
export interface PostConnectionsByIdSettingsPreviewAnswer {
items: {
stream: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
rows: number
whole: boolean
same: number
changed: number
added: number
dropped: number
rejected: number
samples: {
entity: string
sourceId: (string | null)
name: (string | null)
before: ({
[k: string]: unknown
} | null)
after: ({
[k: string]: unknown
} | null)
reason: (string | null)
}[]
}[]
nextCursor: null
}
export interface PostConnectionsByIdSettingsPreviewPath {
id: string
}
export interface PostConnectionsByIdSettingsPreviewRequest {
settings: PostConnectionsSettingsBody
}
export interface GetConnectionsByIdSourceValuesAnswer {
items: {
kind: ("custom_field" | "status" | "role" | "jobcode" | "project" | "pay_code" | "time_label" | "time_type" | "contact_type" | "job_type" | "branch_list" | "division_list")
id: string
name: (string | null)
parentId: (string | null)
samples: string[]
setting: string
mappedTo: (string | null)
proposed: (string | null)
rollsUpInto: (string | null)
}[]
nextCursor: null
unreadable: ("custom_field" | "status" | "role" | "jobcode" | "project" | "pay_code" | "time_label" | "time_type" | "contact_type" | "job_type" | "branch_list" | "division_list")[]
}
export interface GetConnectionsByIdSourceValuesQuery {
kind?: ("custom_field" | "status" | "role" | "jobcode" | "project" | "pay_code" | "time_label" | "time_type" | "contact_type" | "job_type" | "branch_list" | "division_list")
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdSourceValuesPath {
id: string
}
export interface GetConnectionsByIdSyncStatusAnswer {
connectionId: string
state: ("disconnected" | "pending" | "active" | "degraded" | "failed")
cause: (string | null)
fix: (string | null)
nextRunAt: (string | null)
lastSuccessfulAt: (string | null)
lastSuccessfulRunId: (string | null)
dataAsOf: (string | null)
lastError: ({
code: string
who: ("customer" | "nobody" | "us")
detail: string
runId: string
} | null)
currentRun: ({
id: string
mode: ("delta" | "full")
startedAt: (string | null)
} | null)
holds: {
runId: string
entity: string
count: number
share: number
cause: string
}[]
entities: {
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
status: ("never" | "running" | "succeeded" | "succeeded-with-quarantine" | "interrupted" | "failed")
lastRunId: (string | null)
lastSuccessfulAt: (string | null)
lastSuccessfulRunId: (string | null)
dataAsOf: (string | null)
counts: GetConnectionsByIdSyncStatusEntitiesCountsItem
}[]
}
export interface GetConnectionsByIdSyncStatusPath {
id: string
}
export interface GetConnectionsByIdUploadsAnswer {
items: {
id: string
connectionId: string
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
mode: ("upsert" | "replace" | "full")
window: ({
from: string
to: string
} | null)
windowProposed: boolean
status: ("waiting" | "preview" | "accepted" | "refused" | "discarded")
profile: {
name: string
version: number
}
createdAt: string
createdBy: string
expiresAt: string
runId: (string | null)
}[]
nextCursor: (string | null)
}
export interface GetConnectionsByIdUploadsQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetConnectionsByIdUploadsPath {
id: string
}
export interface PostConnectionsByIdUploadsAnswer {
id: string
put: {
url: string
headers: {
[k: string]: string
}
}
}
export interface PostConnectionsByIdUploadsHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdUploadsPath {
id: string
}
export interface PostConnectionsByIdUploadsRequest {
entity: string
mode: ("upsert" | "replace" | "full")
window?: {
from: string
to: string
}
sizeBytes?: number
}
export interface GetConnectionsByIdUploadsByUploadIdPath {
id: string
uploadId: string
}
export interface DeleteConnectionsByIdUploadsByUploadIdPath {
id: string
uploadId: string
}
export interface PostConnectionsByIdUploadsByUploadIdAcceptAnswer {
runId: string
}
export interface PostConnectionsByIdUploadsByUploadIdAcceptHeaders {
"Idempotency-Key"?: string
}
export interface PostConnectionsByIdUploadsByUploadIdAcceptPath {
id: string
uploadId: string
}
export interface PostConnectionsByIdUploadsByUploadIdAcceptRequest {

}
export interface GetConnectionsByIdUploadsByUploadIdReportPath {
id: string
uploadId: string
}
export interface GetDiagnoseAnswer {
kind: ("worker" | "job" | "milestone" | "propay" | "time_entry")
asked: {
sourceId: (string | null)
number: (string | null)
name: (string | null)
connectionId: (string | null)
view: (string | null)
}
verdict: (string | null)
code: string
title: string
detail: string
evidence: {
[k: string]: unknown
}
nextAction: {
code: string
detail: string
href: (string | null)
}
nextRunAt: (string | null)
record: ({
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
id: string
href: (string | null)
} | null)
parent: ({
kind: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
sourceId: string
verdict: (string | null)
code: string
title: string
detail: string
evidence: {
[k: string]: unknown
}
nextAction: {
code: string
detail: string
href: (string | null)
}
nextRunAt: (string | null)
record: ({
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
id: string
href: (string | null)
} | null)
} | null)
probe: {
done: boolean
result: (string | null)
}
checklist: {
step: string
done: boolean
result: string
}[]
}
export interface GetDiagnoseQuery {
kind?: ("worker" | "job" | "milestone" | "propay" | "time_entry")
sourceId?: string
number?: string
name?: string
connectionId?: string
view?: string
}
export interface GetDisqualifiersAnswer {
items: {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
activePropaysWithout: number
}[]
nextCursor: null
activePropays: {
counted: number
complete: boolean
}
}
export interface GetDisqualifiersQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostDisqualifiersAnswer {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}
export interface PostDisqualifiersHeaders {
"Idempotency-Key"?: string
}
export interface PostDisqualifiersRequest {
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}
export interface GetDisqualifiersByIdAnswer {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}
export interface GetDisqualifiersByIdPath {
id: string
}
export interface PatchDisqualifiersByIdAnswer {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}
export interface PatchDisqualifiersByIdHeaders {
"If-Match": string
}
export interface PatchDisqualifiersByIdPath {
id: string
}
export interface PatchDisqualifiersByIdRequest {
name?: string
category?: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}
export interface DeleteDisqualifiersByIdHeaders {
"If-Match": string
}
export interface DeleteDisqualifiersByIdPath {
id: string
}
export interface GetDivisionsAnswer {
items: GetDivisionsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetDivisionsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
format?: ("json" | "csv" | "jsonl")
}
export interface PostDivisionsHeaders {
"Idempotency-Key"?: string
}
export interface PostDivisionsRequest {
name: string
branchId: string
active?: boolean
}
export interface GetDivisionsByIdQuery {
include?: "source"
}
export interface GetDivisionsByIdPath {
id: string
}
export interface PatchDivisionsByIdPath {
id: string
}
export interface PatchDivisionsByIdRequest {
name?: string
branchId?: string
active?: boolean
}
export interface DeleteDivisionsByIdPath {
id: string
}
export interface GetDriveTimesAnswer {
items: GetDriveTimesItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetDriveTimesQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
workerId?: string
jobId?: string
milestoneId?: string
workedFrom?: string
workedTo?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetDriveTimesByIdQuery {
include?: "source"
}
export interface GetDriveTimesByIdPath {
id: string
}
export interface GetExclusionRulesAnswer {
items: GetExclusionRulesItem[]
nextCursor: null
}
export interface GetExclusionRulesQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostExclusionRulesQuery {
preview?: boolean
}
export interface PostExclusionRulesHeaders {
"Idempotency-Key"?: string
}
export interface PostExclusionRulesRequest {
type: ("service_type" | "invoice_type" | "name_pattern" | "property" | "custom_field")
value?: string
field?: string
/**
 * @maxItems 100
 */
values?: string[]
}
export interface GetExclusionRulesByIdPath {
id: string
}
export interface PatchExclusionRulesByIdQuery {
preview?: boolean
}
export interface PatchExclusionRulesByIdHeaders {
"If-Match": string
}
export interface PatchExclusionRulesByIdPath {
id: string
}
export interface PatchExclusionRulesByIdRequest {
type: ("service_type" | "invoice_type" | "name_pattern" | "property" | "custom_field")
value?: string
field?: string
/**
 * @maxItems 100
 */
values?: string[]
}
export interface DeleteExclusionRulesByIdHeaders {
"If-Match": string
}
export interface DeleteExclusionRulesByIdPath {
id: string
}
export interface GetExportsAnswer {
items: {
id: string
reference: string
target: ("generic" | "gusto" | "adp" | "paychex" | "quickbooks" | "paycom")
mode: ("bonus_only" | "bonus_by_workweek" | "bonus_plus_premium")
status: ("Draft" | "Exported" | "Confirmed" | "Canceled")
statementIds: string[]
lineCount: number
total: string
currency: string
templateVersion: number
checksum: (string | null)
files: GetExportsFilesItem[]
accepted: {
code: string
reason: string
}[]
events: {
status: ("Draft" | "Exported" | "Confirmed" | "Canceled")
at: string
by: string
reason: (string | null)
}[]
replaces: string[]
replacedBy: (string | null)
}[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetExportsQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface PostExportsHeaders {
"Idempotency-Key"?: string
}
export interface PostExportsRequest {
target: ("generic" | "gusto" | "adp" | "paychex" | "quickbooks" | "paycom")
/**
 * @minItems 1
 * @maxItems 2000
 */
statementIds?: string[]
period?: {
startDate: string
endDate?: string
}
replace?: boolean
reason?: string
}
export interface GetExportsByIdPath {
id: string
}
export interface PostExportsByIdCancelHeaders {
"Idempotency-Key"?: string
}
export interface PostExportsByIdCancelPath {
id: string
}
export interface PostExportsByIdCancelRequest {
reason: string
}
export interface PostExportsByIdConfirmHeaders {
"Idempotency-Key"?: string
}
export interface PostExportsByIdConfirmPath {
id: string
}
export interface PostExportsByIdExportHeaders {
"Idempotency-Key"?: string
}
export interface PostExportsByIdExportPath {
id: string
}
export interface PostExportsByIdExportRequest {
accept?: {
code: string
reason: string
}[]
}
export interface GetExportsByIdFileQuery {
part?: ("file" | "worksheet" | "manifest")
}
export interface GetExportsByIdFilePath {
id: string
}
export interface GetGroupsAnswer {
items: {
id: string
reference: string
status: ("Active" | "Approved" | "Paid" | "Canceled")
propayIds: string[]
routeId: string
branchId: (string | null)
period: {
startDate: string
endDate: string
}
netting: ("pooled" | "separate")
conflicts: {
propayId: string
fields: string[]
}[]
inputsVersion: string
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
figures: GetGroupsFiguresItem
splitEnabled: (boolean | null)
splitBp: (number | null)
manualPool: (GetPropaysManualPoolItem | null)
distribution: (GetPropaysDistributionItem | null)
excludedWorkerIds: string[]
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
workerIds: string[]
snapshotId: (string | null)
settled: boolean
approval: (GetPropaysApprovalItem | null)
lineItemIds: string[]
sourceChange: ({
state: string
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
canceledReason: (string | null)
createdAt: string
}[]
nextCursor: (string | null)
}
export interface GetGroupsQuery {
limit?: number
cursor?: string
status?: ("Active" | "Approved" | "Paid" | "Canceled")
branchId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface PostGroupsHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsRequest {
/**
 * @minItems 1
 * @maxItems 500
 */
propayIds: string[]
}
export interface PostGroupsBulkApproveHeaders {
"Idempotency-Key"?: string
}
export interface GetGroupsByIdPath {
id: string
}
export interface PatchGroupsByIdHeaders {
"If-Match": string
}
export interface PatchGroupsByIdPath {
id: string
}
export interface PatchGroupsByIdRequest {
netting?: ("pooled" | "separate")
splitEnabled?: (boolean | null)
splitBp?: (number | null)
manualPool?: (GetPropaysManualPoolItem | null)
distribution?: (PatchPropaysByIdDistributionBody | null)
/**
 * @maxItems 500
 */
excludedWorkerIds?: string[]
disqualifiers?: {
key: string
state: ("passed" | "failed" | "pending")
note?: string
}[]
penalties?: {
key: string
count: number
amount?: string
}[]
align?: (true | string[])
/**
 * @maxItems 50
 */
members?: {
propayId: string
confirmed?: boolean
moveToNextPeriod?: true
/**
 * @maxItems 500
 */
excludedWorkerIds?: string[]
}[]
}
export interface PostGroupsByIdApproveAnswer {
id: string
reference: string
status: ("Active" | "Approved" | "Paid" | "Canceled")
propayIds: string[]
routeId: string
branchId: (string | null)
period: {
startDate: string
endDate: string
}
netting: ("pooled" | "separate")
conflicts: {
propayId: string
fields: string[]
}[]
inputsVersion: string
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
figures: GetGroupsFiguresItem
splitEnabled: (boolean | null)
splitBp: (number | null)
manualPool: (GetPropaysManualPoolItem | null)
distribution: (GetPropaysDistributionItem | null)
excludedWorkerIds: string[]
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
workerIds: string[]
snapshotId: (string | null)
settled: boolean
approval: (GetPropaysApprovalItem | null)
lineItemIds: string[]
sourceChange: ({
state: string
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
canceledReason: (string | null)
createdAt: string
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
propayIds: string[]
}[]
members: PostGroupsMembersItem[]
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostGroupsByIdApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsByIdApprovePath {
id: string
}
export interface PostGroupsByIdDissolveHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsByIdDissolvePath {
id: string
}
export interface PostGroupsByIdDissolveRequest {
reason?: string
}
export interface GetGroupsByIdExplainAnswer {
groupId: string
inputsVersion: string
snapshotId: (string | null)
currency: string
basis: ("final" | "if_completed")
nodes: GetPropaysByIdExplainNodesItem[]
workers: GetPropaysByIdExplainWorkersItem[]
leadPay: GetPropaysByIdExplainWorkersItem[]
adjustments: GetPropaysByIdExplainAdjustmentsItem[]
}
export interface GetGroupsByIdExplainPath {
id: string
}
export interface PutGroupsByIdMembersByPropayIdHeaders {
"If-Match": string
}
export interface PutGroupsByIdMembersByPropayIdPath {
id: string
propayId: string
}
export interface DeleteGroupsByIdMembersByPropayIdHeaders {
"If-Match": string
}
export interface DeleteGroupsByIdMembersByPropayIdPath {
id: string
propayId: string
}
export interface GetGroupsByIdSourceChangesAnswer {
groupId: string
state: (("Open" | "Cleared" | "Accepted" | "Dismissed") | null)
inputsVersion: string
currency: string
deltaSeconds: (number | null)
delta?: (string | null)
byWorker: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
difference: string
}[]
missing: string[]
causes: ("canceled" | "reopened" | "moved")[]
records: {
entity: string
id: string
sourceId: (string | null)
}[]
runId: (string | null)
seenAt: (string | null)
}
export interface GetGroupsByIdSourceChangesPath {
id: string
}
export interface PostGroupsByIdSourceChangesAcceptHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsByIdSourceChangesAcceptPath {
id: string
}
export interface PostGroupsByIdSourceChangesAcceptRequest {
inputsVersion: string
reason: string
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds?: string[]
}
export interface PostGroupsByIdSourceChangesDismissHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsByIdSourceChangesDismissPath {
id: string
}
export interface PostGroupsByIdSourceChangesDismissRequest {
inputsVersion: string
reason: string
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds?: string[]
}
export interface PostGroupsByIdUnapproveHeaders {
"Idempotency-Key"?: string
}
export interface PostGroupsByIdUnapprovePath {
id: string
}
export interface PostGroupsByIdUnapproveRequest {
reason: string
}
export interface PostHooksByProviderByConnectionIdAnswer {
accepted: true
}
export interface PostHooksByProviderByConnectionIdPath {
provider: string
connectionId: string
}
export interface GetIntegrationsAnswer {
items: {
provider: string
name: string
auth: ("key" | "oauth" | "file")
entities: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")[]
cycleMinutes: number
cycles: number[]
manualResync: boolean
resyncModes: ("delta" | "full")[]
setupSteps: {
step: string
settings: string[]
required: boolean
}[]
settings: {
key: string
default: unknown
options: (string[] | null)
}[]
offers: string[]
reads: {
entity: ("branch" | "division" | "route" | "client" | "worker" | "wage_record" | "job" | "milestone" | "budget_info" | "material_allocation" | "time_entry" | "drive_time")
refresh: ("cycle" | "hourly" | "daily")
}[]
}[]
nextCursor: null
}
export interface GetIntegrationsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostInvitationsAcceptAnswer {
tenantId: string
userId: string
}
export interface PostInvitationsAcceptRequest {
invitation: string
}
export interface GetJobsAnswer {
items: GetJobsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetJobsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
branchId?: string
divisionId?: string
status?: ("pending" | "in_progress" | "completed" | "canceled")
hasPropay?: ("true" | "false")
propayVerdict?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetJobsByIdQuery {
include?: "source"
}
export interface GetJobsByIdPath {
id: string
}
export interface PutJobsByIdCallbackOfPath {
id: string
}
export interface PutJobsByIdCallbackOfRequest {
jobId: string
reason?: string
}
export interface DeleteJobsByIdCallbackOfPath {
id: string
}
export interface PutJobsByIdExclusionPath {
id: string
}
export interface PutJobsByIdExclusionRequest {
reason: string
}
export interface DeleteJobsByIdExclusionPath {
id: string
}
export interface GetJobsByIdMilestonesQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetJobsByIdMilestonesPath {
id: string
}
export interface GetJobsByIdOverridesQuery {
milestoneId?: string
}
export interface GetJobsByIdOverridesPath {
id: string
}
export interface PutJobsByIdOverridesBudgetHeaders {
"If-Match": string
}
export interface PutJobsByIdOverridesBudgetPath {
id: string
}
export interface PutJobsByIdOverridesBudgetRequest {
budgetSeconds?: (number | null)
laborAmount?: (string | null)
contractPrice?: (string | null)
laborShareBp?: (number | null)
rate?: (string | null)
quantity?: (string | null)
/**
 * @maxItems 200
 */
tasks?: {
key: string
name: string
seconds?: (number | null)
amount?: (string | null)
}[]
milestoneId?: (string | null)
reason?: string
}
export interface DeleteJobsByIdOverridesBudgetQuery {
milestoneId?: string
}
export interface DeleteJobsByIdOverridesBudgetHeaders {
"If-Match": string
}
export interface DeleteJobsByIdOverridesBudgetPath {
id: string
}
export interface PostJobsByIdOverridesBudgetKeepQuery {
milestoneId?: string
}
export interface PostJobsByIdOverridesBudgetKeepHeaders {
"Idempotency-Key"?: string
}
export interface PostJobsByIdOverridesBudgetKeepPath {
id: string
}
export interface PutJobsByIdOverridesManagerHeaders {
"If-Match": string
}
export interface PutJobsByIdOverridesManagerPath {
id: string
}
export interface PutJobsByIdOverridesManagerRequest {
value: string
reason?: string
}
export interface DeleteJobsByIdOverridesManagerHeaders {
"If-Match": string
}
export interface DeleteJobsByIdOverridesManagerPath {
id: string
}
export interface PostJobsByIdOverridesManagerKeepHeaders {
"Idempotency-Key"?: string
}
export interface PostJobsByIdOverridesManagerKeepPath {
id: string
}
export interface GetJobsByIdOverridesByFieldPath {
id: string
field: string
}
export interface GetLineItemsAnswer {
items: PostPropaysByIdApproveLineItemsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetLineItemsQuery {
limit?: number
cursor?: string
propayId?: string
groupId?: string
goalId?: string
workerId?: string
status?: ("Held" | "In Process" | "Paid" | "Voided")
format?: ("json" | "csv" | "jsonl")
}
export interface PostLineItemsHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsRequest {
workerId: string
type: ("bonus" | "deduction")
purpose: string
description?: string
amount: string
weeks?: string[]
rateExclusion?: {
ground: ("discretionary" | "gift" | "referral" | "reimbursement")
reason: string
}
}
export interface PostLineItemsBulkReleaseHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsBulkReleaseRequest {
/**
 * @minItems 1
 * @maxItems 100
 */
items: {
id: string
}[]
}
export interface GetLineItemsByIdPath {
id: string
}
export interface PostLineItemsByIdExtendHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsByIdExtendPath {
id: string
}
export interface PostLineItemsByIdExtendRequest {
releaseOn: string
}
export interface PostLineItemsByIdHoldHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsByIdHoldPath {
id: string
}
export interface PostLineItemsByIdHoldRequest {
until?: string
note?: string
}
export interface PostLineItemsByIdReleaseHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsByIdReleasePath {
id: string
}
export interface PostLineItemsByIdReleaseRequest {

}
export interface PostLineItemsByIdVoidAnswer {
id: string
workerId: string
type: ("bonus" | "deduction" | "premium")
category: string
part: ("main" | "retention" | "warranty")
role: (("crew" | "crew_lead" | "manager" | "other") | null)
amount: string
currency: string
status: ("Held" | "In Process" | "Paid" | "Voided")
approvalDate: string
releaseOn: string
statementId: (string | null)
source: {
propayId?: string
groupId?: string
phaseId?: string
goalId?: string
callbackId?: string
}
purpose: (string | null)
description: (string | null)
workFrom: (string | null)
workTo: (string | null)
embeddedPremium: (string | null)
rateExclusion: ({
ground: ("discretionary" | "gift" | "referral" | "reimbursement")
legalBasis: string
reason: string
by: string
} | null)
premium: (PostPropaysByIdApproveLineItemsPremiumItem | null)
events: PostPropaysByIdApproveLineItemsEventsItem[]
replaces: (string | null)
replacedBy: PostPropaysByIdApproveLineItemsItem[]
warnings: {
code: string
detail: string
}[]
}
export interface PostLineItemsByIdVoidHeaders {
"Idempotency-Key"?: string
}
export interface PostLineItemsByIdVoidPath {
id: string
}
export interface PostLineItemsByIdVoidRequest {
reason: string
/**
 * @minItems 2
 * @maxItems 50
 */
replacements?: {
amount: string
releaseOn?: string
}[]
}
export interface GetLinksAnswer {
items: GetLinksItem[]
nextCursor: null
}
export interface GetLinksQuery {
state?: ("proposed" | "confirmed" | "discarded")
format?: ("json" | "csv" | "jsonl")
}
export interface PostLinksHeaders {
"Idempotency-Key"?: string
}
export interface PostLinksRequest {
entity: ("branch" | "division" | "route" | "client" | "worker" | "job" | "milestone")
connectionId: string
sourceId: string
targetId: string
}
export interface PostLinksByIdConfirmHeaders {
"Idempotency-Key"?: string
}
export interface PostLinksByIdConfirmPath {
id: string
}
export interface PostLinksByIdDiscardHeaders {
"Idempotency-Key"?: string
}
export interface PostLinksByIdDiscardPath {
id: string
}
export interface GetMaterialsAnswer {
items: GetMaterialsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetMaterialsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
milestoneId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetMaterialsByIdQuery {
include?: "source"
}
export interface GetMaterialsByIdPath {
id: string
}
export interface GetMeAnswer {
tenant: {
id: string
name: string
zone: string
currency: string
}
role: ("owner" | "admin" | "manager" | "crew_lead" | "worker" | "auditor")
userId: (string | null)
workerId: (string | null)
scope: {
branchIds: string[]
divisionIds: string[]
routeIds: string[]
}
visibility: {
[k: string]: boolean
}
}
export interface GetMeTenantsAnswer {
items: {
id: string
name: string
role: ("owner" | "admin" | "manager" | "crew_lead" | "worker" | "auditor")
}[]
nextCursor: null
}
export interface GetMeTenantsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetMilestonesQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
jobId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetMilestonesByIdQuery {
include?: "source"
}
export interface GetMilestonesByIdPath {
id: string
}
export interface PutMilestonesByIdInstalledByItemIdPath {
id: string
itemId: string
}
export interface PutMilestonesByIdInstalledByItemIdRequest {
quantity: string
}
export interface GetMilestonesByIdOverridesByFieldPath {
id: string
field: string
}
export interface PutMilestonesByIdProgressPath {
id: string
}
export interface PutMilestonesByIdProgressRequest {
progressBp: number
}
export interface GetOauthCallbackAnswer {
connectionId: string
provider: string
name: string
accountName: (string | null)
state: string
}
export interface GetOauthCallbackQuery {
state?: string
code?: string
}
export interface GetOpenapiJsonAnswer {
openapi: string
[k: string]: unknown
}
export interface GetPenaltiesAnswer {
items: {
id: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind: ("fixed" | "set_at_approval")
amount: (string | null)
activePropaysWithout: number
}[]
nextCursor: null
activePropays: {
counted: number
complete: boolean
}
}
export interface GetPenaltiesQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostPenaltiesHeaders {
"Idempotency-Key"?: string
}
export interface PostPenaltiesRequest {
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind: ("fixed" | "set_at_approval")
amount?: (string | null)
}
export interface GetPenaltiesByIdPath {
id: string
}
export interface PatchPenaltiesByIdHeaders {
"If-Match": string
}
export interface PatchPenaltiesByIdPath {
id: string
}
export interface PatchPenaltiesByIdRequest {
name?: string
category?: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
kind?: ("fixed" | "set_at_approval")
amount?: (string | null)
}
export interface DeletePenaltiesByIdHeaders {
"If-Match": string
}
export interface DeletePenaltiesByIdPath {
id: string
}
export interface GetProGoalTemplatesAnswer {
items: GetProGoalTemplatesItem[]
nextCursor: (string | null)
}
export interface GetProGoalTemplatesQuery {
limit?: number
cursor?: string
status?: ("Draft" | "Live" | "Archived")
format?: ("json" | "csv" | "jsonl")
}
export interface PostProGoalTemplatesHeaders {
"Idempotency-Key"?: string
}
export interface GetProGoalTemplatesByIdPath {
id: string
}
export interface PatchProGoalTemplatesByIdHeaders {
"If-Match": string
}
export interface PatchProGoalTemplatesByIdPath {
id: string
}
export interface DeleteProGoalTemplatesByIdHeaders {
"If-Match": string
}
export interface DeleteProGoalTemplatesByIdPath {
id: string
}
export interface PostProGoalTemplatesByIdApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalTemplatesByIdApprovePath {
id: string
}
export interface PostProGoalTemplatesByIdApproveRequest {

}
export interface PostProGoalTemplatesByIdArchiveHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalTemplatesByIdArchivePath {
id: string
}
export interface PostProGoalTemplatesByIdArchiveRequest {

}
export interface GetProGoalsAnswer {
items: {
id: string
templateId: string
templateVersion: number
status: ("Active" | "Approved" | "Paid" | "Canceled")
name: string
description: (string | null)
scope: ({
type: "tenant"
} | {
type: "branch"
branchId: string
} | {
type: "division"
divisionId: string
} | {
type: "route"
routeId: string
})
/**
 * @maxItems 50
 */
tiers: GetProGoalTemplatesTiersItem[]
pool: GetProGoalTemplatesPoolItem
period: {
startDate: string
endDate: string
}
participants: ({
type: "all"
} | {
type: "roles"
/**
 * @minItems 1
 */
roles: ("manager" | "crew_lead" | "worker")[]
} | {
type: "named"
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds: string[]
})
metric: {
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
}
managerId: string
disqualifiers: {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}[]
penalties: GetProGoalsPenaltiesItem[]
approval: (GetPropaysApprovalItem | null)
snapshotId: (string | null)
canceledReason: (string | null)
currency: string
createdAt: string
}[]
nextCursor: (string | null)
}
export interface GetProGoalsQuery {
limit?: number
cursor?: string
status?: ("Active" | "Approved" | "Paid" | "Canceled")
templateId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface PostProGoalsHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalsRequest {
templateId: string
periodStart: string
}
export interface GetProGoalsByIdPath {
id: string
}
export interface PostProGoalsByIdApproveAnswer {
id: string
templateId: string
templateVersion: number
status: ("Active" | "Approved" | "Paid" | "Canceled")
name: string
description: (string | null)
scope: ({
type: "tenant"
} | {
type: "branch"
branchId: string
} | {
type: "division"
divisionId: string
} | {
type: "route"
routeId: string
})
/**
 * @maxItems 50
 */
tiers: GetProGoalTemplatesTiersItem[]
pool: GetProGoalTemplatesPoolItem
period: {
startDate: string
endDate: string
}
participants: ({
type: "all"
} | {
type: "roles"
/**
 * @minItems 1
 */
roles: ("manager" | "crew_lead" | "worker")[]
} | {
type: "named"
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds: string[]
})
metric: {
source: ("manual" | "import" | "builtin")
name: string
unit: ("bp" | "count" | "cents" | "seconds")
}
managerId: string
disqualifiers: {
key: string
name: string
category: ("Safety" | "Quality" | "Customer" | "Attendance" | "Equipment" | "Paperwork" | "Other")
}[]
penalties: GetProGoalsPenaltiesItem[]
approval: (GetPropaysApprovalItem | null)
snapshotId: (string | null)
canceledReason: (string | null)
currency: string
createdAt: string
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: (string | null)
dataAsOf: (string | null)
result: (PostProGoalsResult | null)
lineItemIds: string[]
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostProGoalsByIdApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalsByIdApprovePath {
id: string
}
export interface PostProGoalsByIdCancelHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalsByIdCancelPath {
id: string
}
export interface PostProGoalsByIdCancelRequest {
reason: string
}
export interface GetProGoalsByIdExplainAnswer {
goalId: string
inputsVersion: (string | null)
snapshotId: (string | null)
currency: string
nodes: GetPropaysByIdExplainNodesItem[]
workers: {
workerId: string
amount: string
node: string
leaves: {
entity: string
id: string
revision: (number | string)
amount: string
}[]
}[]
}
export interface GetProGoalsByIdExplainPath {
id: string
}
export interface GetProGoalsByIdResultsPath {
id: string
}
export interface PutProGoalsByIdResultsHeaders {
"If-Match": string
}
export interface PutProGoalsByIdResultsPath {
id: string
}
export interface PutProGoalsByIdResultsRequest {
/**
 * @maxItems 2001
 */
values?: {
workerId: (string | null)
value?: (number | null)
excluded?: (string | null)
disqualifiers?: {
key: string
state: ("passed" | "failed" | "pending")
note?: (string | null)
}[]
penalties?: {
key: string
count?: number
amount?: (string | null)
}[]
}[]
csv?: string
}
export interface PostProGoalsByIdUnapproveHeaders {
"Idempotency-Key"?: string
}
export interface PostProGoalsByIdUnapprovePath {
id: string
}
export interface PostProGoalsByIdUnapproveRequest {
reason: string
}
export interface GetProblemsByCodeAnswer {
code: string
status: number
title: string
who: ("customer" | "nobody" | "us")
action: string
}
export interface GetProblemsByCodePath {
code: string
}
export interface GetPropaysAnswer {
items: GetPropaysItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetPropaysQuery {
limit?: number
cursor?: string
status?: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
branchId?: string
workerId?: string
jobId?: string
ready?: ("true" | "false")
format?: ("json" | "csv" | "jsonl")
}
export interface PostPropaysHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysRequest {
jobId: string
/**
 * @maxItems 1
 */
milestoneIds?: string[]
budget?: {
type?: string
budgetSeconds?: number
budgetAmount?: string
contractPrice?: string
laborBp?: number
rate?: string
quantity?: string
/**
 * @maxItems 500
 */
tasks?: {
id: string
budgetSeconds?: number
budgetAmount?: string
}[]
}
reason?: string
}
export interface PostPropaysBulkApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysPreviewAnswer {
basis: ("final" | "projection" | "if_completed")
base: {
outcome: string
[k: string]: unknown
}
result: {
outcome: string
[k: string]: unknown
}
difference: ({
field: string
from: unknown
to: unknown
} | {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
from: string
to: string
})[]
nodes: GetPropaysByIdExplainNodesItem[]
}
export interface PostPropaysPreviewRequest {
propayId?: string
phaseId?: string
inputs?: {
budget: (PostPropaysPreviewInputsBudgetBody | null)
settingModification?: ({
direction: string
bp: number
} | null)
adjustment?: ({
type: string
valueBp?: number
factorBp?: number
value?: string
valueSeconds?: number
} | null)
completionBp?: (number | null)
entries: PostPropaysPreviewInputsEntriesItemBody[]
assignedCrew?: ({
workerId: string
wage: (string | null)
}[] | null)
crewLeadIds?: (string[] | null)
managerIds?: (string[] | null)
otherIds?: (string[] | null)
excludedWorkerIds?: (string[] | null)
leadInCrewPool?: (boolean | null)
managerInCrewPool?: (boolean | null)
splitEnabled?: (boolean | null)
splitBp?: (number | null)
pool: {
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
}
distribution: PostPropaysPreviewInputsDistributionBody
disqualifiers?: ({
id: string
state: string
}[] | null)
penalties?: ({
id: string
amount: (string | null)
count?: (number | null)
}[] | null)
rollOverNegative?: (boolean | null)
leadPay?: (string | null)
}
overlay?: {
budget?: (PostPropaysPreviewInputsBudgetBody | null)
settingModification?: ({
direction: string
bp: number
} | null)
adjustment?: ({
type: string
valueBp?: number
factorBp?: number
value?: string
valueSeconds?: number
} | null)
completionBp?: (number | null)
entries?: PostPropaysPreviewInputsEntriesItemBody[]
assignedCrew?: ({
workerId: string
wage: (string | null)
}[] | null)
crewLeadIds?: (string[] | null)
managerIds?: (string[] | null)
otherIds?: (string[] | null)
excludedWorkerIds?: (string[] | null)
leadInCrewPool?: (boolean | null)
managerInCrewPool?: (boolean | null)
splitEnabled?: (boolean | null)
splitBp?: (number | null)
pool?: {
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
}
distribution?: PostPropaysPreviewInputsDistributionBody
disqualifiers?: ({
id: string
state: string
}[] | null)
penalties?: ({
id: string
amount: (string | null)
count?: (number | null)
}[] | null)
rollOverNegative?: (boolean | null)
leadPay?: (string | null)
}
}
export interface PostPropaysSyncDefinitionsAnswer {
synced: string[]
refused: {
id: string
problem: Problem
}[]
nextCursor: (string | null)
}
export interface PostPropaysSyncDefinitionsHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysSyncDefinitionsRequest {
limit?: number
cursor?: string
}
export interface GetPropaysByIdPath {
id: string
}
export interface PatchPropaysByIdHeaders {
"If-Match": string
}
export interface PatchPropaysByIdPath {
id: string
}
export interface PatchPropaysByIdRequest {
title?: string
notes?: (string | null)
budget?: {
type: string
}
adjustment?: {
type: string
valueBp?: number
factorBp?: number
value?: string
valueSeconds?: number
}
manualPool?: (GetPropaysManualPoolItem | null)
distribution?: PatchPropaysByIdDistributionBody
/**
 * @maxItems 500
 */
excludedWorkerIds?: string[]
/**
 * @maxItems 500
 */
includedWorkerIds?: string[]
crewLeadIds?: (string[] | null)
otherIds?: (string[] | null)
driveTimeInCost?: (boolean | null)
burden?: (boolean | null)
overtimeCost?: (boolean | null)
leadPay?: string
}
export interface DeletePropaysByIdHeaders {
"If-Match": string
}
export interface DeletePropaysByIdPath {
id: string
}
export interface PostPropaysByIdApproveAnswer {
id: string
reference: string
title: string
notes: (string | null)
status: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: string
snapshotId: (string | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
jobId: string
milestoneIds: string[]
branchId: (string | null)
divisionId: (string | null)
routeId: (string | null)
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
excludedWorkerIds: string[]
includedWorkerIds: string[]
workerIds: string[]
groupId: (string | null)
phaseMode: ("off" | "independent" | "reserve")
budget?: (GetPropaysBudgetItem | null)
settingModification?: ({
direction: ("increase" | "decrease")
bp: number
scope: ("route" | "division" | "branch" | "tenant")
} | null)
adjustment?: ({
type: "none"
} | {
type: ("percentage_increase" | "percentage_decrease")
valueBp: number
} | {
type: "multiply"
factorBp: number
} | {
type: "manual_amount"
value: string
} | {
type: "manual_hours"
valueSeconds: number
})
warnings: string[]
completionBp: (number | null)
pool: GetPropaysPoolItem
manualPool: (GetPropaysManualPoolItem | null)
distribution: GetPropaysDistributionItem
driveTimeInCost: boolean
burden: boolean
overtimeCost: boolean
wageBasis: ("at_start" | "by_entry_date")
leadPay: string
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
settled: boolean
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
approval: (GetPropaysApprovalItem | null)
sourceChange: ({
state: ("Open" | "Cleared")
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
lineItemIds: string[]
canceledReason: (string | null)
restoreOffered: boolean
createdAt: string
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostPropaysByIdApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdApprovePath {
id: string
}
export interface PostPropaysByIdCancelHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdCancelPath {
id: string
}
export interface PostPropaysByIdCancelRequest {
reason: string
}
export interface PutPropaysByIdDisqualifiersByKeyHeaders {
"If-Match": string
}
export interface PutPropaysByIdDisqualifiersByKeyPath {
id: string
key: string
}
export interface PutPropaysByIdDisqualifiersByKeyRequest {
state: ("passed" | "failed" | "pending")
note?: (string | null)
}
export interface GetPropaysByIdExplainAnswer {
propayId: string
inputsVersion: string
snapshotId: (string | null)
approval: (number | null)
currency: string
basis: ("final" | "projection" | "if_completed")
replay: (("same" | "different") | null)
nodes: GetPropaysByIdExplainNodesItem[]
workers: GetPropaysByIdExplainWorkersItem[]
leadPay: GetPropaysByIdExplainWorkersItem[]
adjustments: GetPropaysByIdExplainAdjustmentsItem[]
phases?: {
phaseId: string
name: string
status: ("Draft" | "Active" | "Approved" | "Paid" | "Excluded" | "Canceled")
inputsVersion: string
snapshotId: (string | null)
approval: (number | null)
basis: ("final" | "projection" | "if_completed")
replay: (("same" | "different") | null)
workers: GetPropaysByIdExplainWorkersItem[]
}[]
reserve?: ({
kind: ("approval" | "unapproval" | "release" | "change")
phaseId: (string | null)
at: string
lineItemIds: string[]
byWorker: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
amount: string
node: string
from: {
phaseId: string
amount: string
}[]
}[]
}[] | null)
}
export interface GetPropaysByIdExplainQuery {
approval?: number
phaseId?: string
}
export interface GetPropaysByIdExplainPath {
id: string
}
export interface PutPropaysByIdPenaltiesByKeyHeaders {
"If-Match": string
}
export interface PutPropaysByIdPenaltiesByKeyPath {
id: string
key: string
}
export interface PutPropaysByIdPenaltiesByKeyRequest {
count?: number
amount?: string
}
export interface DeletePropaysByIdPenaltiesByKeyHeaders {
"If-Match": string
}
export interface DeletePropaysByIdPenaltiesByKeyPath {
id: string
key: string
}
export interface GetPropaysByIdPhasesAnswer {
propayId: string
mode: ("off" | "independent" | "reserve")
status: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
currency: string
jobNet: (string | null)
payouts: string
unassignedSeconds: number
reserve: (GetPropaysByIdPhasesReserve | null)
items: GetPropaysByIdPhasesItem[]
nextCursor: null
}
export interface GetPropaysByIdPhasesQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetPropaysByIdPhasesPath {
id: string
}
export interface PostPropaysByIdPhasesByPhaseIdApproveAnswer {
id: string
propayId: string
name: string
milestoneIds: string[]
status: ("Draft" | "Active" | "Approved" | "Paid" | "Excluded" | "Canceled")
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: string
snapshotId: (string | null)
calculatedAt: string
currency: string
startDate: (string | null)
completionBp: (number | null)
excluded: ({
by: string
at: string
reason: (string | null)
} | null)
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
settled: boolean
stages: {
projected: string
reserve: string
approved: string
paid: string
}
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
approval: (GetPropaysApprovalItem | null)
sourceChange: ({
state: ("Open" | "Cleared")
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
lineItemIds: string[]
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostPropaysByIdPhasesByPhaseIdApproveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdPhasesByPhaseIdApprovePath {
id: string
phaseId: string
}
export interface PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyHeaders {
"If-Match": string
}
export interface PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyPath {
id: string
phaseId: string
key: string
}
export interface PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyRequest {
state: ("passed" | "failed" | "pending")
note?: (string | null)
}
export interface PostPropaysByIdPhasesByPhaseIdExcludeHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdPhasesByPhaseIdExcludePath {
id: string
phaseId: string
}
export interface PostPropaysByIdPhasesByPhaseIdExcludeRequest {
reason?: string
}
export interface PostPropaysByIdPhasesByPhaseIdIncludeHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdPhasesByPhaseIdIncludePath {
id: string
phaseId: string
}
export interface PostPropaysByIdPhasesByPhaseIdIncludeRequest {
reason?: string
}
export interface PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyHeaders {
"If-Match": string
}
export interface PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyPath {
id: string
phaseId: string
key: string
}
export interface PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyRequest {
count?: number
amount?: string
}
export interface DeletePropaysByIdPhasesByPhaseIdPenaltiesByKeyHeaders {
"If-Match": string
}
export interface DeletePropaysByIdPhasesByPhaseIdPenaltiesByKeyPath {
id: string
phaseId: string
key: string
}
export interface PostPropaysByIdPhasesByPhaseIdUnapproveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdPhasesByPhaseIdUnapprovePath {
id: string
phaseId: string
}
export interface PostPropaysByIdPhasesByPhaseIdUnapproveRequest {
reason: string
}
export interface PostPropaysByIdRecalculateAnswer {
id: string
reference: string
title: string
notes: (string | null)
status: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
ready: boolean
blockers: {
code: string
acceptable: boolean
ids: string[]
}[]
inputsVersion: string
snapshotId: (string | null)
dataAsOf: (string | null)
calculatedAt: string
currency: string
jobId: string
milestoneIds: string[]
branchId: (string | null)
divisionId: (string | null)
routeId: (string | null)
managerIds: string[]
crewLeadIds: string[]
otherIds: string[]
excludedWorkerIds: string[]
includedWorkerIds: string[]
workerIds: string[]
groupId: (string | null)
phaseMode: ("off" | "independent" | "reserve")
budget?: (GetPropaysBudgetItem | null)
settingModification?: ({
direction: ("increase" | "decrease")
bp: number
scope: ("route" | "division" | "branch" | "tenant")
} | null)
adjustment?: ({
type: "none"
} | {
type: ("percentage_increase" | "percentage_decrease")
valueBp: number
} | {
type: "multiply"
factorBp: number
} | {
type: "manual_amount"
value: string
} | {
type: "manual_hours"
valueSeconds: number
})
warnings: string[]
completionBp: (number | null)
pool: GetPropaysPoolItem
manualPool: (GetPropaysManualPoolItem | null)
distribution: GetPropaysDistributionItem
driveTimeInCost: boolean
burden: boolean
overtimeCost: boolean
wageBasis: ("at_start" | "by_entry_date")
leadPay: string
disqualifiers: GetPropaysDisqualifiersItem[]
penalties: GetPropaysPenaltiesItem[]
settled: boolean
result: GetPropaysResultItem
ifCompletedNow: (GetPropaysResultItem | null)
approval: (GetPropaysApprovalItem | null)
sourceChange: ({
state: ("Open" | "Cleared")
deltaSeconds: (number | null)
delta?: (string | null)
} | null)
lineItemIds: string[]
canceledReason: (string | null)
restoreOffered: boolean
createdAt: string
changes?: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
from: string
to: string
}[]
}
export interface PostPropaysByIdRecalculateHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdRecalculatePath {
id: string
}
export interface PostPropaysByIdRecalculateRequest {
wageBasis?: ("at_start" | "by_entry_date")
preview?: boolean
}
export interface PostPropaysByIdReleaseReserveAnswer {
propayId: string
mode: ("off" | "independent" | "reserve")
status: ("Active" | "Approved" | "Paid" | "Canceled" | "Deleted")
currency: string
jobNet: (string | null)
payouts: string
unassignedSeconds: number
reserve: (GetPropaysByIdPhasesReserve | null)
items: GetPropaysByIdPhasesItem[]
nextCursor: null
lineItems: PostPropaysByIdApproveLineItemsItem[]
}
export interface PostPropaysByIdReleaseReserveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdReleaseReservePath {
id: string
}
export interface PostPropaysByIdReleaseReserveRequest {
releaseBp: number
/**
 * @maxItems 500
 */
overrides?: {
workerId: string
releaseBp: number
}[]
}
export interface PostPropaysByIdRestoreHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdRestorePath {
id: string
}
export interface PostPropaysByIdRestoreRequest {
reason?: string
}
export interface GetPropaysByIdSourceChangesAnswer {
propayId: string
state: (("Open" | "Cleared" | "Accepted" | "Dismissed") | null)
inputsVersion: string
currency: string
deltaSeconds: (number | null)
delta?: (string | null)
byWorker: {
workerId: string
role: ("crew" | "crew_lead" | "manager" | "other")
difference: string
}[]
missing: string[]
causes: ("canceled" | "reopened" | "moved")[]
records: {
entity: string
id: string
sourceId: (string | null)
}[]
runId: (string | null)
seenAt: (string | null)
}
export interface GetPropaysByIdSourceChangesPath {
id: string
}
export interface PostPropaysByIdSourceChangesAcceptHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdSourceChangesAcceptPath {
id: string
}
export interface PostPropaysByIdSourceChangesAcceptRequest {
inputsVersion: string
reason: string
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds?: string[]
}
export interface PostPropaysByIdSourceChangesDismissHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdSourceChangesDismissPath {
id: string
}
export interface PostPropaysByIdSourceChangesDismissRequest {
inputsVersion: string
reason: string
/**
 * @minItems 1
 * @maxItems 500
 */
workerIds?: string[]
}
export interface PostPropaysByIdSyncDefinitionsHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdSyncDefinitionsPath {
id: string
}
export interface PostPropaysByIdSyncDefinitionsRequest {

}
export interface PostPropaysByIdUnapproveHeaders {
"Idempotency-Key"?: string
}
export interface PostPropaysByIdUnapprovePath {
id: string
}
export interface PostPropaysByIdUnapproveRequest {
reason: string
}
export interface GetReportsByNameAnswer {
name: string
filter: {
from?: string
to?: string
branchId: (string | null)
divisionId: (string | null)
routeId: (string | null)
managerId: (string | null)
workerId: (string | null)
}
dataAsOf: (string | null)
calculatedAt: string
currency: string
figures: {
[k: string]: string | number | boolean | null
}
items: {
[k: string]: string | number | boolean | null
}[]
nextCursor: (string | null)
columns: string[]
ids: string[]
}
export interface GetReportsByNameQuery {
limit?: number
cursor?: string
from?: string
to?: string
branchId?: string
divisionId?: string
routeId?: string
managerId?: string
workerId?: string
connectionId?: string
propertyId?: string
propayId?: string
groupId?: string
verdict?: string
groupBy?: ("branch" | "division" | "serviceType")
metric?: ("hours_saved" | "net_saved_hours" | "hours_worked" | "propays_done" | "bonus_wage" | "revenue_per_hour" | "revenue_produced" | "bonuses_earned")
by?: ("manager" | "lead" | "worker")
period?: ("current_week" | "last_week" | "current_month" | "last_month" | "current_quarter" | "last_quarter" | "current_year" | "last_year" | "all_time")
length?: number
crewSize?: number
estimatedSecondsEach?: number
format?: ("json" | "csv" | "jsonl")
}
export interface GetReportsByNamePath {
name: string
}
export interface GetRoutesAnswer {
items: GetRoutesItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetRoutesQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
format?: ("json" | "csv" | "jsonl")
}
export interface GetRoutesByIdQuery {
include?: "source"
}
export interface GetRoutesByIdPath {
id: string
}
export interface GetSettingsAnswer {
items: (GetSettingsItem | GetSettingsItem2 | GetSettingsItem3 | {
area: "approval"
values: {
maxDataAgeMinutes?: number
}
reason?: string
} | GetSettingsItem4 | GetSettingsItem5 | GetSettingsItem6 | GetSettingsItem7 | GetSettingsItem8 | GetSettingsItem9 | GetSettingsItem10)[]
nextCursor: null
}
export interface GetSettingsQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface GetSettingsByAreaPath {
area: string
}
export interface PutSettingsByAreaAnswer {
area: string
values: unknown
effect?: {
changes: {
key: string
from: unknown
to: unknown
}[]
launch?: {
count: number
items: {
jobId: string
milestoneId: (string | null)
}[]
complete: boolean
paidUntil: (string | null)
needsConfirmation: boolean
}
}
}
export interface PutSettingsByAreaQuery {
preview?: boolean
confirm?: boolean
}
export interface PutSettingsByAreaHeaders {
"If-Match": string
}
export interface PutSettingsByAreaPath {
area: string
}
export interface GetStatementsAnswer {
items: GetStatementsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetStatementsQuery {
limit?: number
cursor?: string
workerId?: string
status?: ("Open" | "Paid" | "Voided")
periodStart?: string
format?: ("json" | "csv" | "jsonl")
}
export interface PostStatementsBulkPayHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsBulkPayRequest {
/**
 * @minItems 1
 * @maxItems 100
 */
items: {
id: string
payDate: string
accept?: {
code: string
reason: string
}[]
}[]
}
export interface GetStatementsByIdAnswer {
id: string
reference: (string | null)
workerId: string
workerName: (string | null)
branchId: (string | null)
period: {
startDate: string
endDate: string
}
status: ("Open" | "Paid" | "Voided")
items: PostPropaysByIdApproveLineItemsItem[]
held: string
upcomingItems: PostPropaysByIdApproveLineItemsItem[]
bonuses: string
deductions: string
ignoredDeductions: string
rolloverIn: string
netBalance: string
premium: string
informationalPremium: string
payable: string
rolloverOut: string
writtenOff: string
currency: string
wageFigures: (GetStatementsWageFiguresItem | null)
wageFloors: GetStatementsWageFloorsItem[]
payDate: (string | null)
acknowledgement: ({
at: string
by: string
} | null)
acknowledgedItems: {
lineItemId: string
at: string
by: string
}[]
disputes: GetStatementsDisputesItem[]
dataAsOf: (string | null)
calculatedAt: string
lines: {
lineItemId: string
held: boolean
heldUntil: (string | null)
jobs: {
id: string
name: (string | null)
number: (string | null)
}[]
phase: ({
id: string
name: (string | null)
} | null)
reserve?: {
phaseId: string
name: (string | null)
putIn: string
drawn: string
released: string
heldBack: string
}[]
approved: ({
budgetAmount?: string
budgetSeconds?: number
actualSeconds: number
savedSeconds?: number
savings: string
workerShare: string
penalty: string
completionBp: (number | null)
pool: {
crewBp: number
crewLeadBp: number
managerBp: number
otherBp: number
companyBp: number
splitEnabled: boolean
splitBp: number
}
crewPool: string
distribution: GetPropaysDistributionItem
own: {
seconds: number
crewSeconds: number
wages: string[]
}
disqualifiers: {
name: string
state: ("passed" | "failed" | "pending")
note: (string | null)
}[]
penalties: {
name: string
amount: (string | null)
count: number
}[]
} | null)
}[]
}
export interface GetStatementsByIdQuery {
format?: ("json" | "csv" | "pdf")
language?: ("en" | "es")
}
export interface GetStatementsByIdPath {
id: string
}
export interface PostStatementsByIdAcknowledgeHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdAcknowledgePath {
id: string
}
export interface PostStatementsByIdAcknowledgeRequest {
lineItemId?: string
}
export interface PostStatementsByIdAnswerHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdAnswerPath {
id: string
}
export interface PostStatementsByIdAnswerRequest {
note: string
disputeId?: string
}
export interface PostStatementsByIdDisputeHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdDisputePath {
id: string
}
export interface PostStatementsByIdDisputeRequest {
note: string
lineItemId?: string
}
export interface PostStatementsByIdLineItemsHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdLineItemsPath {
id: string
}
export interface PostStatementsByIdLineItemsRequest {
type: ("bonus" | "deduction")
purpose: string
description?: string
amount: string
weeks?: string[]
rateExclusion?: {
ground: ("discretionary" | "gift" | "referral" | "reimbursement")
reason: string
}
}
export interface PostStatementsByIdPayHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdPayPath {
id: string
}
export interface PostStatementsByIdPayRequest {
payDate: string
accept?: {
code: string
reason: string
}[]
}
export interface PostStatementsByIdReopenHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdReopenPath {
id: string
}
export interface PostStatementsByIdReopenRequest {
reason: string
}
export interface PostStatementsByIdVoidHeaders {
"Idempotency-Key"?: string
}
export interface PostStatementsByIdVoidPath {
id: string
}
export interface PostStatementsByIdVoidRequest {
reason?: string
}
export interface GetTimeEntriesAnswer {
items: GetTimeEntriesItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetTimeEntriesQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
workerId?: string
jobId?: string
milestoneId?: string
workedFrom?: string
workedTo?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetTimeEntriesByIdQuery {
include?: "source"
}
export interface GetTimeEntriesByIdPath {
id: string
}
export interface GetUsersAnswer {
items: GetUsersItem[]
nextCursor: (string | null)
}
export interface GetUsersQuery {
limit?: number
cursor?: string
state?: ("needs_invite" | "pending" | "failed" | "expired" | "canceled" | "active" | "deactivated" | "archived" | "removed")
role?: ("admin" | "manager" | "crew_lead" | "worker" | "auditor")
format?: ("json" | "csv" | "jsonl")
}
export interface PostUsersHeaders {
"Idempotency-Key"?: string
}
export interface PostUsersRequest {
email: string
phone?: (string | null)
name: string
role: ("admin" | "manager" | "crew_lead" | "worker" | "auditor")
scope?: {
/**
 * @maxItems 200
 */
branchIds?: string[]
/**
 * @maxItems 200
 */
divisionIds?: string[]
/**
 * @maxItems 200
 */
routeIds?: string[]
}
workerId?: (string | null)
send?: boolean
}
export interface GetUsersByIdPath {
id: string
}
export interface PatchUsersByIdAnswer {
id: string
name: string
email?: string
phone?: (string | null)
role: ("admin" | "manager" | "crew_lead" | "worker" | "auditor")
owner: boolean
scope: GetApiTokensScopeItem
workerId: (string | null)
state: ("needs_invite" | "pending" | "failed" | "expired" | "canceled" | "active" | "deactivated" | "archived" | "removed")
invitation: GetUsersInvitationItem
ownershipOffered: boolean
lastSignInAt: (string | null)
createdAt: string
createdBy: string
revision: number
waitingPropayIds?: string[]
}
export interface PatchUsersByIdHeaders {
"If-Match": string
}
export interface PatchUsersByIdPath {
id: string
}
export interface PatchUsersByIdRequest {
name?: string
phone?: (string | null)
role?: ("admin" | "manager" | "crew_lead" | "worker" | "auditor")
scope?: {
/**
 * @maxItems 200
 */
branchIds?: string[]
/**
 * @maxItems 200
 */
divisionIds?: string[]
/**
 * @maxItems 200
 */
routeIds?: string[]
}
workerId?: (string | null)
state?: ("active" | "deactivated" | "archived")
reason?: string
}
export interface DeleteUsersByIdPath {
id: string
}
export interface PostUsersByIdAcceptOwnershipHeaders {
"Idempotency-Key"?: string
}
export interface PostUsersByIdAcceptOwnershipPath {
id: string
}
export interface PostUsersByIdEndSessionsHeaders {
"Idempotency-Key"?: string
}
export interface PostUsersByIdEndSessionsPath {
id: string
}
export interface PostUsersByIdResendHeaders {
"Idempotency-Key"?: string
}
export interface PostUsersByIdResendPath {
id: string
}
export interface PostUsersByIdTransferOwnershipHeaders {
"Idempotency-Key"?: string
}
export interface PostUsersByIdTransferOwnershipPath {
id: string
}
export interface DeleteUsersByIdTransferOwnershipPath {
id: string
}
export interface GetWageRecordsAnswer {
items: GetWageRecordsItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetWageRecordsQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
workerId?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetWageRecordsByIdQuery {
include?: "source"
}
export interface GetWageRecordsByIdPath {
id: string
}
export interface GetWebhooksAnswer {
items: GetWebhooksItem[]
nextCursor: null
}
export interface GetWebhooksQuery {
format?: ("json" | "csv" | "jsonl")
}
export interface PostWebhooksHeaders {
"Idempotency-Key"?: string
}
export interface PostWebhooksRequest {
url: string
/**
 * @minItems 1
 * @maxItems 91
 */
events: ("connection.connected" | "connection.disconnected" | "connection.account_refused" | "connection.state_changed" | "connection.reauth_required" | "sync.completed" | "sync.interrupted" | "sync.failed" | "sync.deletion_held" | "sync.deletion_resolved" | "mirror.created" | "mirror.changed" | "mirror.deleted" | "mirror.restored" | "mirror.quarantined" | "mirror.quarantine_cleared" | "mirror.parked" | "mirror.unparked" | "mirror.aliased" | "mirror.linked" | "override.set" | "override.cleared" | "override.superseded" | "override.conflict" | "worker.state_changed" | "worker.role_changed" | "wage.changed" | "wage.missing" | "budget.missing" | "manager.missing" | "milestone.review_pending" | "milestone.progress_requested" | "milestone.progress_changed" | "propay.created" | "propay.ready" | "propay.canceled_by_source" | "propay.restore_offered" | "propay.source_changed" | "propay.would_be_excluded" | "exclusion_rule.saved" | "exclusion_rule.removed" | "job.excluded" | "job.included" | "division.created" | "division.changed" | "division.closed" | "settings.changed" | "data.stale" | "propay.recalculated" | "propay.approved" | "propay.unapproved" | "propay.paid" | "propay.reopened" | "group.created" | "group.conflict" | "group.approved" | "group.unapproved" | "group.paid" | "group.dissolved" | "phase.approved" | "phase.unapproved" | "phase.released" | "propay.source_change_accepted" | "propay.source_change_dismissed" | "callback.opened" | "callback.assessed" | "callback.applied" | "callback.dismissed" | "line_item.created" | "line_item.held" | "line_item.released" | "line_item.extended" | "line_item.voided" | "line_item.paid" | "statement.opened" | "statement.paid" | "statement.reopened" | "statement.voided" | "statement.acknowledged" | "statement.disputed" | "statement.dispute_answered" | "premium.issued" | "goal.started" | "goal.approved" | "goal.unapproved" | "goal.paid" | "goal.canceled" | "export.exported" | "export.confirmed" | "export.canceled")[]
}
export interface GetWebhooksByIdPath {
id: string
}
export interface PatchWebhooksByIdHeaders {
"If-Match": string
}
export interface PatchWebhooksByIdPath {
id: string
}
export interface PatchWebhooksByIdRequest {
url?: string
/**
 * @minItems 1
 * @maxItems 91
 */
events?: ("connection.connected" | "connection.disconnected" | "connection.account_refused" | "connection.state_changed" | "connection.reauth_required" | "sync.completed" | "sync.interrupted" | "sync.failed" | "sync.deletion_held" | "sync.deletion_resolved" | "mirror.created" | "mirror.changed" | "mirror.deleted" | "mirror.restored" | "mirror.quarantined" | "mirror.quarantine_cleared" | "mirror.parked" | "mirror.unparked" | "mirror.aliased" | "mirror.linked" | "override.set" | "override.cleared" | "override.superseded" | "override.conflict" | "worker.state_changed" | "worker.role_changed" | "wage.changed" | "wage.missing" | "budget.missing" | "manager.missing" | "milestone.review_pending" | "milestone.progress_requested" | "milestone.progress_changed" | "propay.created" | "propay.ready" | "propay.canceled_by_source" | "propay.restore_offered" | "propay.source_changed" | "propay.would_be_excluded" | "exclusion_rule.saved" | "exclusion_rule.removed" | "job.excluded" | "job.included" | "division.created" | "division.changed" | "division.closed" | "settings.changed" | "data.stale" | "propay.recalculated" | "propay.approved" | "propay.unapproved" | "propay.paid" | "propay.reopened" | "group.created" | "group.conflict" | "group.approved" | "group.unapproved" | "group.paid" | "group.dissolved" | "phase.approved" | "phase.unapproved" | "phase.released" | "propay.source_change_accepted" | "propay.source_change_dismissed" | "callback.opened" | "callback.assessed" | "callback.applied" | "callback.dismissed" | "line_item.created" | "line_item.held" | "line_item.released" | "line_item.extended" | "line_item.voided" | "line_item.paid" | "statement.opened" | "statement.paid" | "statement.reopened" | "statement.voided" | "statement.acknowledged" | "statement.disputed" | "statement.dispute_answered" | "premium.issued" | "goal.started" | "goal.approved" | "goal.unapproved" | "goal.paid" | "goal.canceled" | "export.exported" | "export.confirmed" | "export.canceled")[]
enabled?: boolean
}
export interface DeleteWebhooksByIdPath {
id: string
}
export interface GetWebhooksByIdDeliveriesAnswer {
items: PostWebhooksByIdTest[]
nextCursor: (string | null)
}
export interface GetWebhooksByIdDeliveriesQuery {
limit?: number
cursor?: string
format?: ("json" | "csv" | "jsonl")
}
export interface GetWebhooksByIdDeliveriesPath {
id: string
}
export interface PostWebhooksByIdDeliveriesByDeliveryIdRedeliverHeaders {
"Idempotency-Key"?: string
}
export interface PostWebhooksByIdDeliveriesByDeliveryIdRedeliverPath {
id: string
deliveryId: string
}
export interface PostWebhooksByIdRotateSecretHeaders {
"Idempotency-Key"?: string
}
export interface PostWebhooksByIdRotateSecretPath {
id: string
}
export interface PostWebhooksByIdTestHeaders {
"Idempotency-Key"?: string
}
export interface PostWebhooksByIdTestPath {
id: string
}
export interface GetWorkersAnswer {
items: GetWorkersItem[]
nextCursor: (string | null)
dataAsOf: (string | null)
}
export interface GetWorkersQuery {
limit?: number
cursor?: string
include?: "source"
sourceId?: string
connectionId?: string
includeDeleted?: boolean
branchId?: string
status?: ("active" | "deactivated" | "archived")
format?: ("json" | "csv" | "jsonl")
}
export interface PostWorkersBulkOverridesHeaders {
"Idempotency-Key"?: string
}
export interface PostWorkersBulkOverridesRequest {
/**
 * @minItems 1
 * @maxItems 200
 */
items: {
id: string
ifMatch: string
wage?: {
wage: string
effectiveFrom: string
burdenBp?: (number | null)
reason?: string
}
role?: {
value: ("worker" | "crew_lead" | "manager")
reason?: string
}
}[]
}
export interface GetWorkersByIdQuery {
include?: "source"
}
export interface GetWorkersByIdPath {
id: string
}
export interface GetWorkersByIdBonusAnswer {
workerId: string
projected: string
untold: number
held: {
on: (string | null)
amount: string
}[]
inProcess: string
paid: string
currency: string
dataAsOf: (string | null)
calculatedAt: string
}
export interface GetWorkersByIdBonusPath {
id: string
}
export interface GetWorkersByIdOverridesPath {
id: string
}
export interface PutWorkersByIdOverridesActiveHeaders {
"If-Match": string
}
export interface PutWorkersByIdOverridesActivePath {
id: string
}
export interface PutWorkersByIdOverridesActiveRequest {
value: ("active" | "deactivated" | "archived")
reason?: string
}
export interface DeleteWorkersByIdOverridesActiveHeaders {
"If-Match": string
}
export interface DeleteWorkersByIdOverridesActivePath {
id: string
}
export interface PostWorkersByIdOverridesActiveKeepHeaders {
"Idempotency-Key"?: string
}
export interface PostWorkersByIdOverridesActiveKeepPath {
id: string
}
export interface PutWorkersByIdOverridesRoleHeaders {
"If-Match": string
}
export interface PutWorkersByIdOverridesRolePath {
id: string
}
export interface PutWorkersByIdOverridesRoleRequest {
value: ("worker" | "crew_lead" | "manager")
reason?: string
}
export interface DeleteWorkersByIdOverridesRoleHeaders {
"If-Match": string
}
export interface DeleteWorkersByIdOverridesRolePath {
id: string
}
export interface PostWorkersByIdOverridesRoleKeepHeaders {
"Idempotency-Key"?: string
}
export interface PostWorkersByIdOverridesRoleKeepPath {
id: string
}
export interface PutWorkersByIdOverridesWageHeaders {
"If-Match": string
}
export interface PutWorkersByIdOverridesWagePath {
id: string
}
export interface PutWorkersByIdOverridesWageRequest {
wage: string
effectiveFrom: string
burdenBp?: (number | null)
reason?: string
}
export interface DeleteWorkersByIdOverridesWageQuery {
effectiveFrom?: string
}
export interface DeleteWorkersByIdOverridesWageHeaders {
"If-Match": string
}
export interface DeleteWorkersByIdOverridesWagePath {
id: string
}
export interface PostWorkersByIdOverridesWageKeepHeaders {
"Idempotency-Key"?: string
}
export interface PostWorkersByIdOverridesWageKeepPath {
id: string
}
export interface GetWorkersByIdOverridesByFieldPath {
id: string
field: string
}
export interface GetWorkersByIdSettingsPath {
id: string
}
export interface PutWorkersByIdSettingsPath {
id: string
}
export interface PutWorkersByIdSettingsRequest {
removeBonus?: boolean
restrictAccess?: boolean
payrollId?: (string | null)
}

export interface paths {
  "/healthz": {
    /** Whether the API answers */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetHealthzAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/alerts": {
    /** What asks for somebody: missing figures, work to approve, items and statements to settle */
    get: {
      parameters: { query?: GetAlertsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetAlertsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/api-tokens": {
    /** API tokens, without their secrets */
    get: {
      parameters: { query?: GetApiTokensQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetApiTokensAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make an API token; its text is shown this once */
    post: {
      parameters: { query?: never; header?: PostApiTokensHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostApiTokensRequest } };
      responses: { 201: { content: { 'application/json': PostApiTokensAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/api-tokens/{id}": {
    /** Revoke an API token: it ends with the next request */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteApiTokensByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/audit": {
    /** Who changed what, newest first */
    get: {
      parameters: { query?: GetAuditQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetAuditAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/bonus-pools": {
    /** Bonus pools */
    get: {
      parameters: { query?: GetBonusPoolsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBonusPoolsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make a bonus pool; the first one is the default */
    post: {
      parameters: { query?: never; header?: PostBonusPoolsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostBonusPoolsRequest } };
      responses: { 201: { content: { 'application/json': GetBonusPoolsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/bonus-pools/{id}": {
    /** One bonus pool */
    get: {
      parameters: { query?: never; header?: never; path: GetBonusPoolsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBonusPoolsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change a bonus pool; ProPays that exist keep their copy */
    patch: {
      parameters: { query?: never; header: PatchBonusPoolsByIdHeaders; path: PatchBonusPoolsByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchBonusPoolsByIdRequest } };
      responses: { 200: { content: { 'application/json': GetBonusPoolsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a bonus pool that is not the default */
    delete: {
      parameters: { query?: never; header: DeleteBonusPoolsByIdHeaders; path: DeleteBonusPoolsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/bonus-pools/{id}/assignments": {
    /** Branches and divisions whose new ProPays take a pool */
    get: {
      parameters: { query?: GetBonusPoolsByIdAssignmentsQuery; header?: never; path: GetBonusPoolsByIdAssignmentsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBonusPoolsByIdAssignmentsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Give a branch or a division its pool; ProPays that exist keep theirs */
    post: {
      parameters: { query?: never; header?: PostBonusPoolsByIdAssignmentsHeaders; path: PostBonusPoolsByIdAssignmentsPath; cookie?: never };
      requestBody: { content: { 'application/json': PostBonusPoolsByIdAssignmentsRequest } };
      responses: { 201: { content: { 'application/json': PostBonusPoolsByIdAssignmentsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/bonus-pools/{id}/assignments/{assignmentId}": {
    /** Take a pool from a branch or a division */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteBonusPoolsByIdAssignmentsByAssignmentIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/branches": {
    /** Branches */
    get: {
      parameters: { query?: GetBranchesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBranchesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/branches/{id}": {
    /** One branch */
    get: {
      parameters: { query?: GetBranchesByIdQuery; header?: never; path: GetBranchesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBranchesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/budgets": {
    /** Budgets that the source supplies */
    get: {
      parameters: { query?: GetBudgetsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBudgetsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/budgets/{id}": {
    /** One budget */
    get: {
      parameters: { query?: GetBudgetsByIdQuery; header?: never; path: GetBudgetsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetBudgetsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/callbacks": {
    /** Rework of earlier jobs */
    get: {
      parameters: { query?: GetCallbacksQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetCallbacksAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/callbacks/{id}": {
    /** Rework of an earlier job, with what it takes back */
    get: {
      parameters: { query?: never; header?: never; path: GetCallbacksByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetCallbacksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/callbacks/{id}/accept": {
    /** Apply a callback */
    post: {
      parameters: { query?: never; header?: PostCallbacksByIdAcceptHeaders; path: PostCallbacksByIdAcceptPath; cookie?: never };
      requestBody: { content: { 'application/json': PostCallbacksByIdAcceptRequest } };
      responses: { 200: { content: { 'application/json': PostCallbacksByIdAcceptAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/callbacks/{id}/dismiss": {
    /** Dismiss a callback */
    post: {
      parameters: { query?: never; header?: PostCallbacksByIdDismissHeaders; path: PostCallbacksByIdDismissPath; cookie?: never };
      requestBody: { content: { 'application/json': PostCallbacksByIdDismissRequest } };
      responses: { 200: { content: { 'application/json': GetCallbacksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/changes": {
    /** What has changed, in mirror and bonus layer, deletions included; go on from nextCursor, always */
    get: {
      parameters: { query?: GetChangesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetChangesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/clients": {
    /** Clients and their properties */
    get: {
      parameters: { query?: GetClientsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetClientsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/clients/{id}": {
    /** One client */
    get: {
      parameters: { query?: GetClientsByIdQuery; header?: never; path: GetClientsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetClientsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections": {
    /** Connections to source accounts, disconnected ones too */
    get: {
      parameters: { query?: GetConnectionsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Connect a source account */
    post: {
      parameters: { query?: never; header?: PostConnectionsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsRequest } };
      responses: { 201: { content: { 'application/json': PostConnections } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}": {
    /** One connection with its state */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change name or settings of a connection */
    patch: {
      parameters: { query?: never; header: PatchConnectionsByIdHeaders; path: PatchConnectionsByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchConnectionsByIdRequest } };
      responses: { 200: { content: { 'application/json': GetConnectionsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Disconnect: nothing is updated any more, everything stays readable */
    delete: {
      parameters: { query?: never; header: DeleteConnectionsByIdHeaders; path: DeleteConnectionsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': DeleteConnectionsByIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/check": {
    /** Try the stored credentials */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdCheckHeaders; path: PostConnectionsByIdCheckPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/disconnect-preview": {
    /** What disconnecting would stop: pay periods and Active ProPays */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdDisconnectPreviewPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdDisconnectPreviewAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/held-deletes": {
    /** Deletions that wait for a person */
    get: {
      parameters: { query?: GetConnectionsByIdHeldDeletesQuery; header?: never; path: GetConnectionsByIdHeldDeletesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdHeldDeletes } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/held-deletes/{runId}/confirm": {
    /** Let the held deletions happen */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdHeldDeletesByRunIdConfirmHeaders; path: PostConnectionsByIdHeldDeletesByRunIdConfirmPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdHeldDeletesByRunIdConfirmRequest } };
      responses: { 200: { content: { 'application/json': GetConnectionsByIdHeldDeletes } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/held-deletes/{runId}/discard": {
    /** Keep the records; everything is read again */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdHeldDeletesByRunIdDiscardHeaders; path: PostConnectionsByIdHeldDeletesByRunIdDiscardPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdHeldDeletesByRunIdDiscardRequest } };
      responses: { 200: { content: { 'application/json': GetConnectionsByIdHeldDeletes } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/parked": {
    /** Records that wait for their parent */
    get: {
      parameters: { query?: GetConnectionsByIdParkedQuery; header?: never; path: GetConnectionsByIdParkedPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdParkedAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/quarantine": {
    /** Records that could not be mapped */
    get: {
      parameters: { query?: GetConnectionsByIdQuarantineQuery; header?: never; path: GetConnectionsByIdQuarantinePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdQuarantineAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/reconnect": {
    /** Connect the same account again with new credentials */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdReconnectHeaders; path: PostConnectionsByIdReconnectPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdReconnectRequest } };
      responses: { 200: { content: { 'application/json': PostConnections } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/resyncs": {
    /** Ask for a run now */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdResyncsHeaders; path: PostConnectionsByIdResyncsPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdResyncsRequest } };
      responses: { 202: { content: { 'application/json': PostConnectionsByIdResyncsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/runs": {
    /** Finished runs, newest first */
    get: {
      parameters: { query?: GetConnectionsByIdRunsQuery; header?: never; path: GetConnectionsByIdRunsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdRunsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/runs/{runId}": {
    /** One run, also while it waits or is under way */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdRunsByRunIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdRunsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/runs/{runId}/exceptions": {
    /** What a run left aside, and why */
    get: {
      parameters: { query?: GetConnectionsByIdRunsByRunIdExceptionsQuery; header?: never; path: GetConnectionsByIdRunsByRunIdExceptionsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdRunsByRunIdExceptionsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/settings-preview": {
    /** What a change of settings would make of the records at the source */
    post: {
      parameters: { query?: never; header?: never; path: PostConnectionsByIdSettingsPreviewPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdSettingsPreviewRequest } };
      responses: { 200: { content: { 'application/json': PostConnectionsByIdSettingsPreviewAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/source-values": {
    /** What the source has that settings of the connection can map */
    get: {
      parameters: { query?: GetConnectionsByIdSourceValuesQuery; header?: never; path: GetConnectionsByIdSourceValuesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdSourceValuesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/sync-status": {
    /** Health of a connection by entity */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdSyncStatusPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdSyncStatusAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/uploads": {
    /** Uploads of a file source, newest first */
    get: {
      parameters: { query?: GetConnectionsByIdUploadsQuery; header?: never; path: GetConnectionsByIdUploadsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdUploadsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Begin the upload of a file */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdUploadsHeaders; path: PostConnectionsByIdUploadsPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdUploadsRequest } };
      responses: { 201: { content: { 'application/json': PostConnectionsByIdUploadsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/uploads/{uploadId}": {
    /** An upload with the preview of its file */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdUploadsByUploadIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdUploadsByUploadId } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Discard an upload that was not accepted */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteConnectionsByIdUploadsByUploadIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetConnectionsByIdUploadsByUploadId } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/uploads/{uploadId}/accept": {
    /** Read a previewed file into the mirror */
    post: {
      parameters: { query?: never; header?: PostConnectionsByIdUploadsByUploadIdAcceptHeaders; path: PostConnectionsByIdUploadsByUploadIdAcceptPath; cookie?: never };
      requestBody: { content: { 'application/json': PostConnectionsByIdUploadsByUploadIdAcceptRequest } };
      responses: { 202: { content: { 'application/json': PostConnectionsByIdUploadsByUploadIdAcceptAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/connections/{id}/uploads/{uploadId}/report": {
    /** What is wrong with the rows of a file, as CSV */
    get: {
      parameters: { query?: never; header?: never; path: GetConnectionsByIdUploadsByUploadIdReportPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/diagnose": {
    /** Why a record or a ProPay is missing, or where it is */
    get: {
      parameters: { query?: GetDiagnoseQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDiagnoseAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/disqualifiers": {
    /** Questions that a ProPay has to pass, with how many Active ones lack each */
    get: {
      parameters: { query?: GetDisqualifiersQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDisqualifiersAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Add a disqualifier; new ProPays hold it, Active ones only once it is pushed */
    post: {
      parameters: { query?: never; header?: PostDisqualifiersHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostDisqualifiersRequest } };
      responses: { 201: { content: { 'application/json': PostDisqualifiersAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/disqualifiers/{id}": {
    /** One disqualifier */
    get: {
      parameters: { query?: never; header?: never; path: GetDisqualifiersByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDisqualifiersByIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change a disqualifier; ProPays keep their copy until it is pushed */
    patch: {
      parameters: { query?: never; header: PatchDisqualifiersByIdHeaders; path: PatchDisqualifiersByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchDisqualifiersByIdRequest } };
      responses: { 200: { content: { 'application/json': PatchDisqualifiersByIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a disqualifier; ProPays keep their copy until a sync */
    delete: {
      parameters: { query?: never; header: DeleteDisqualifiersByIdHeaders; path: DeleteDisqualifiersByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/divisions": {
    /** Divisions */
    get: {
      parameters: { query?: GetDivisionsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDivisionsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make a division of our own; jobs come to it by org.divisionRules */
    post: {
      parameters: { query?: never; header?: PostDivisionsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostDivisionsRequest } };
      responses: { 201: { content: { 'application/json': PostDivisions } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/divisions/{id}": {
    /** One division */
    get: {
      parameters: { query?: GetDivisionsByIdQuery; header?: never; path: GetDivisionsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDivisionsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Rename, move, close or open a division of our own */
    patch: {
      parameters: { query?: never; header?: never; path: PatchDivisionsByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchDivisionsByIdRequest } };
      responses: { 200: { content: { 'application/json': PostDivisions } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a division of our own that no setting names; else close it */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteDivisionsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/drive-times": {
    /** Drive time */
    get: {
      parameters: { query?: GetDriveTimesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDriveTimesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/drive-times/{id}": {
    /** One drive time */
    get: {
      parameters: { query?: GetDriveTimesByIdQuery; header?: never; path: GetDriveTimesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetDriveTimesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exclusion-rules": {
    /** Rules that keep ProPays from being made */
    get: {
      parameters: { query?: GetExclusionRulesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetExclusionRulesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Add a rule; ProPays that exist stay */
    post: {
      parameters: { query?: PostExclusionRulesQuery; header?: PostExclusionRulesHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostExclusionRulesRequest } };
      responses: { 201: { content: { 'application/json': PostExclusionRules } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exclusion-rules/{id}": {
    /** One rule */
    get: {
      parameters: { query?: never; header?: never; path: GetExclusionRulesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetExclusionRulesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Replace what a rule excludes */
    patch: {
      parameters: { query?: PatchExclusionRulesByIdQuery; header: PatchExclusionRulesByIdHeaders; path: PatchExclusionRulesByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchExclusionRulesByIdRequest } };
      responses: { 200: { content: { 'application/json': PostExclusionRules } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Remove a rule; jobs it kept back become eligible at their next evaluation */
    delete: {
      parameters: { query?: never; header: DeleteExclusionRulesByIdHeaders; path: DeleteExclusionRulesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports": {
    /** Payroll exports, the latest first */
    get: {
      parameters: { query?: GetExportsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetExportsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Prepare a payroll export of paid statements */
    post: {
      parameters: { query?: never; header?: PostExportsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostExportsRequest } };
      responses: { 201: { content: { 'application/json': PostExports } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports/{id}": {
    /** One payroll export */
    get: {
      parameters: { query?: never; header?: never; path: GetExportsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostExports } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports/{id}/cancel": {
    /** Cancel a payroll export */
    post: {
      parameters: { query?: never; header?: PostExportsByIdCancelHeaders; path: PostExportsByIdCancelPath; cookie?: never };
      requestBody: { content: { 'application/json': PostExportsByIdCancelRequest } };
      responses: { 200: { content: { 'application/json': PostExports } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports/{id}/confirm": {
    /** Confirm that payroll has imported the file */
    post: {
      parameters: { query?: never; header?: PostExportsByIdConfirmHeaders; path: PostExportsByIdConfirmPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostExports } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports/{id}/export": {
    /** Make the file of a payroll export */
    post: {
      parameters: { query?: never; header?: PostExportsByIdExportHeaders; path: PostExportsByIdExportPath; cookie?: never };
      requestBody: { content: { 'application/json': PostExportsByIdExportRequest } };
      responses: { 200: { content: { 'application/json': PostExports } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/exports/{id}/file": {
    /** The file of a payroll export, its worksheet or its manifest */
    get: {
      parameters: { query?: GetExportsByIdFileQuery; header?: never; path: GetExportsByIdFilePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups": {
    /** Group ProPays */
    get: {
      parameters: { query?: GetGroupsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetGroupsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make a group of ProPays */
    post: {
      parameters: { query?: never; header?: PostGroupsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostGroupsRequest } };
      responses: { 201: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/bulk-approve": {
    /** Approve several groups, each for itself */
    post: {
      parameters: { query?: never; header?: PostGroupsBulkApproveHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysBulkApproveBody } };
      responses: { 200: { content: { 'application/json': PostWorkersBulkOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}": {
    /** A group ProPay */
    get: {
      parameters: { query?: never; header?: never; path: GetGroupsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Edit a group */
    patch: {
      parameters: { query?: never; header: PatchGroupsByIdHeaders; path: PatchGroupsByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchGroupsByIdRequest } };
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/approve": {
    /** Approve a group as a whole and make its line items */
    post: {
      parameters: { query?: never; header?: PostGroupsByIdApproveHeaders; path: PostGroupsByIdApprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdApproveBody } };
      responses: { 200: { content: { 'application/json': PostGroupsByIdApproveAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/dissolve": {
    /** Dissolve a group */
    post: {
      parameters: { query?: never; header?: PostGroupsByIdDissolveHeaders; path: PostGroupsByIdDissolvePath; cookie?: never };
      requestBody: { content: { 'application/json': PostGroupsByIdDissolveRequest } };
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/explain": {
    /** Where each payout of a group came from */
    get: {
      parameters: { query?: never; header?: never; path: GetGroupsByIdExplainPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetGroupsByIdExplainAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/members/{propayId}": {
    /** Put a ProPay into a group */
    put: {
      parameters: { query?: never; header: PutGroupsByIdMembersByPropayIdHeaders; path: PutGroupsByIdMembersByPropayIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Take a ProPay out of a group */
    delete: {
      parameters: { query?: never; header: DeleteGroupsByIdMembersByPropayIdHeaders; path: DeleteGroupsByIdMembersByPropayIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/source-changes": {
    /** What the sources of a group say now against what was approved */
    get: {
      parameters: { query?: never; header?: never; path: GetGroupsByIdSourceChangesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetGroupsByIdSourceChangesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/source-changes/accept": {
    /** Accept what the sources of a group say now, as adjusting line items */
    post: {
      parameters: { query?: never; header?: PostGroupsByIdSourceChangesAcceptHeaders; path: PostGroupsByIdSourceChangesAcceptPath; cookie?: never };
      requestBody: { content: { 'application/json': PostGroupsByIdSourceChangesAcceptRequest } };
      responses: { 200: { content: { 'application/json': PostGroupsByIdSourceChangesAccept } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/source-changes/dismiss": {
    /** Dismiss what the sources of a group say now */
    post: {
      parameters: { query?: never; header?: PostGroupsByIdSourceChangesDismissHeaders; path: PostGroupsByIdSourceChangesDismissPath; cookie?: never };
      requestBody: { content: { 'application/json': PostGroupsByIdSourceChangesDismissRequest } };
      responses: { 200: { content: { 'application/json': PostGroupsByIdSourceChangesAccept } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/groups/{id}/unapprove": {
    /** Take the approval of a group back and void its line items */
    post: {
      parameters: { query?: never; header?: PostGroupsByIdUnapproveHeaders; path: PostGroupsByIdUnapprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostGroupsByIdUnapproveRequest } };
      responses: { 200: { content: { 'application/json': PostGroups } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/hooks/{provider}/{connectionId}": {
    /** Where a provider tells that something has changed */
    post: {
      parameters: { query?: never; header?: never; path: PostHooksByProviderByConnectionIdPath; cookie?: never };
      requestBody?: never;
      responses: { 202: { content: { 'application/json': PostHooksByProviderByConnectionIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/integrations": {
    /** Integrations and what they can do */
    get: {
      parameters: { query?: GetIntegrationsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetIntegrationsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/invitations/accept": {
    /** Accept an invitation, signed in with the e-mail that it was sent to */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostInvitationsAcceptRequest } };
      responses: { 200: { content: { 'application/json': PostInvitationsAcceptAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs": {
    /** Jobs as the integrations know them */
    get: {
      parameters: { query?: GetJobsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetJobsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}": {
    /** One job */
    get: {
      parameters: { query?: GetJobsByIdQuery; header?: never; path: GetJobsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetJobsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/callback-of": {
    /** Say which earlier job this one is rework of */
    put: {
      parameters: { query?: never; header?: never; path: PutJobsByIdCallbackOfPath; cookie?: never };
      requestBody: { content: { 'application/json': PutJobsByIdCallbackOfRequest } };
      responses: { 200: { content: { 'application/json': PutJobsByIdExclusion } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** A job is no rework after all */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteJobsByIdCallbackOfPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PutJobsByIdExclusion } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/exclusion": {
    /** Keep one job out of the program */
    put: {
      parameters: { query?: never; header?: never; path: PutJobsByIdExclusionPath; cookie?: never };
      requestBody: { content: { 'application/json': PutJobsByIdExclusionRequest } };
      responses: { 200: { content: { 'application/json': PutJobsByIdExclusion } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Let a job that was excluded by hand in again */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteJobsByIdExclusionPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PutJobsByIdExclusion } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/milestones": {
    /** Milestones of one job, by date */
    get: {
      parameters: { query?: GetJobsByIdMilestonesQuery; header?: never; path: GetJobsByIdMilestonesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetJobsByIdMilestones } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides": {
    /** What is overridden of one job or milestone, and what ever was */
    get: {
      parameters: { query?: GetJobsByIdOverridesQuery; header?: never; path: GetJobsByIdOverridesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides/budget": {
    /** Add the missing budget of a job or milestone */
    put: {
      parameters: { query?: never; header: PutJobsByIdOverridesBudgetHeaders; path: PutJobsByIdOverridesBudgetPath; cookie?: never };
      requestBody: { content: { 'application/json': PutJobsByIdOverridesBudgetRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Take away the budget that was added here */
    delete: {
      parameters: { query?: DeleteJobsByIdOverridesBudgetQuery; header: DeleteJobsByIdOverridesBudgetHeaders; path: DeleteJobsByIdOverridesBudgetPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides/budget/keep": {
    /** Keep an added budget for when the source has none again */
    post: {
      parameters: { query?: PostJobsByIdOverridesBudgetKeepQuery; header?: PostJobsByIdOverridesBudgetKeepHeaders; path: PostJobsByIdOverridesBudgetKeepPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides/manager": {
    /** Assign the manager of a job */
    put: {
      parameters: { query?: never; header: PutJobsByIdOverridesManagerHeaders; path: PutJobsByIdOverridesManagerPath; cookie?: never };
      requestBody: { content: { 'application/json': PutJobsByIdOverridesManagerRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Go back to the manager of the map or the source */
    delete: {
      parameters: { query?: never; header: DeleteJobsByIdOverridesManagerHeaders; path: DeleteJobsByIdOverridesManagerPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides/manager/keep": {
    /** Keep a job’s manager although the source says otherwise */
    post: {
      parameters: { query?: never; header?: PostJobsByIdOverridesManagerKeepHeaders; path: PostJobsByIdOverridesManagerKeepPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/jobs/{id}/overrides/{field}": {
    /** A field of a job that cannot be overridden here */
    get: {
      parameters: { query?: never; header?: never; path: GetJobsByIdOverridesByFieldPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items": {
    /** Line items */
    get: {
      parameters: { query?: GetLineItemsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetLineItemsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make a line item by hand */
    post: {
      parameters: { query?: never; header?: PostLineItemsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsRequest } };
      responses: { 201: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/bulk-release": {
    /** Release several held line items, each for itself */
    post: {
      parameters: { query?: never; header?: PostLineItemsBulkReleaseHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsBulkReleaseRequest } };
      responses: { 200: { content: { 'application/json': PostWorkersBulkOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/{id}": {
    /** A line item */
    get: {
      parameters: { query?: never; header?: never; path: GetLineItemsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/{id}/extend": {
    /** Extend the hold of a line item */
    post: {
      parameters: { query?: never; header?: PostLineItemsByIdExtendHeaders; path: PostLineItemsByIdExtendPath; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsByIdExtendRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/{id}/hold": {
    /** Hold a line item */
    post: {
      parameters: { query?: never; header?: PostLineItemsByIdHoldHeaders; path: PostLineItemsByIdHoldPath; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsByIdHoldRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/{id}/release": {
    /** Release a held line item */
    post: {
      parameters: { query?: never; header?: PostLineItemsByIdReleaseHeaders; path: PostLineItemsByIdReleasePath; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsByIdReleaseRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/line-items/{id}/void": {
    /** Void a line item, or put smaller ones in its place */
    post: {
      parameters: { query?: never; header?: PostLineItemsByIdVoidHeaders; path: PostLineItemsByIdVoidPath; cookie?: never };
      requestBody: { content: { 'application/json': PostLineItemsByIdVoidRequest } };
      responses: { 200: { content: { 'application/json': PostLineItemsByIdVoidAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/links": {
    /** Records of one connection that stand for records of another (M-43) */
    get: {
      parameters: { query?: GetLinksQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetLinksAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Link a record with the one that it means, in another connection or the same */
    post: {
      parameters: { query?: never; header?: PostLinksHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostLinksRequest } };
      responses: { 201: { content: { 'application/json': GetLinksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/links/{id}/confirm": {
    /** The two records are the same */
    post: {
      parameters: { query?: never; header?: PostLinksByIdConfirmHeaders; path: PostLinksByIdConfirmPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetLinksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/links/{id}/discard": {
    /** The two records are not the same */
    post: {
      parameters: { query?: never; header?: PostLinksByIdDiscardHeaders; path: PostLinksByIdDiscardPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetLinksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/materials": {
    /** Materials of milestones */
    get: {
      parameters: { query?: GetMaterialsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetMaterialsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/materials/{id}": {
    /** One material of a milestone */
    get: {
      parameters: { query?: GetMaterialsByIdQuery; header?: never; path: GetMaterialsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetMaterialsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/me": {
    /** Who the token belongs to */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetMeAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/me/tenants": {
    /** The tenants that the person who signed in belongs to */
    get: {
      parameters: { query?: GetMeTenantsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetMeTenantsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/milestones": {
    /** Tickets, visits, tasks and cost lines of jobs */
    get: {
      parameters: { query?: GetMilestonesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetJobsByIdMilestones } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/milestones/{id}": {
    /** One milestone */
    get: {
      parameters: { query?: GetMilestonesByIdQuery; header?: never; path: GetMilestonesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetJobsByIdMilestonesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/milestones/{id}/installed/{itemId}": {
    /** Report how much of a material is installed */
    put: {
      parameters: { query?: never; header?: never; path: PutMilestonesByIdInstalledByItemIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PutMilestonesByIdInstalledByItemIdRequest } };
      responses: { 200: { content: { 'application/json': PutMilestonesByIdProgress } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/milestones/{id}/overrides/{field}": {
    /** A field of a milestone that cannot be overridden here */
    get: {
      parameters: { query?: never; header?: never; path: GetMilestonesByIdOverridesByFieldPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/milestones/{id}/progress": {
    /** Report how far along a milestone is */
    put: {
      parameters: { query?: never; header?: never; path: PutMilestonesByIdProgressPath; cookie?: never };
      requestBody: { content: { 'application/json': PutMilestonesByIdProgressRequest } };
      responses: { 200: { content: { 'application/json': PutMilestonesByIdProgress } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/oauth/callback": {
    /** End of an approval at the source’s own page */
    get: {
      parameters: { query?: GetOauthCallbackQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetOauthCallbackAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/openapi.json": {
    /** This description */
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetOpenapiJsonAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/penalties": {
    /** Amounts that may come off the worker share, with how many Active ProPays lack each */
    get: {
      parameters: { query?: GetPenaltiesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPenaltiesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Add a penalty; new ProPays hold it, Active ones only once it is pushed */
    post: {
      parameters: { query?: never; header?: PostPenaltiesHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPenaltiesRequest } };
      responses: { 201: { content: { 'application/json': PostPenalties } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/penalties/{id}": {
    /** One penalty */
    get: {
      parameters: { query?: never; header?: never; path: GetPenaltiesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostPenalties } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change a penalty; ProPays keep their copy until it is pushed */
    patch: {
      parameters: { query?: never; header: PatchPenaltiesByIdHeaders; path: PatchPenaltiesByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchPenaltiesByIdRequest } };
      responses: { 200: { content: { 'application/json': PostPenalties } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a penalty; ProPays keep their copy until a sync */
    delete: {
      parameters: { query?: never; header: DeletePenaltiesByIdHeaders; path: DeletePenaltiesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goal-templates": {
    /** Templates of Pro-Goals */
    get: {
      parameters: { query?: GetProGoalTemplatesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProGoalTemplatesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Draft a template of Pro-Goals */
    post: {
      parameters: { query?: never; header?: PostProGoalTemplatesHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalTemplatesBody } };
      responses: { 201: { content: { 'application/json': GetProGoalTemplatesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goal-templates/{id}": {
    /** A template of Pro-Goals */
    get: {
      parameters: { query?: never; header?: never; path: GetProGoalTemplatesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProGoalTemplatesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change a template; the change reaches the next goal */
    patch: {
      parameters: { query?: never; header: PatchProGoalTemplatesByIdHeaders; path: PatchProGoalTemplatesByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalTemplatesBody } };
      responses: { 200: { content: { 'application/json': GetProGoalTemplatesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a template that was never live */
    delete: {
      parameters: { query?: never; header: DeleteProGoalTemplatesByIdHeaders; path: DeleteProGoalTemplatesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goal-templates/{id}/approve": {
    /** Take a template live */
    post: {
      parameters: { query?: never; header?: PostProGoalTemplatesByIdApproveHeaders; path: PostProGoalTemplatesByIdApprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalTemplatesByIdApproveRequest } };
      responses: { 200: { content: { 'application/json': GetProGoalTemplatesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goal-templates/{id}/archive": {
    /** Archive a template; goals that run stay */
    post: {
      parameters: { query?: never; header?: PostProGoalTemplatesByIdArchiveHeaders; path: PostProGoalTemplatesByIdArchivePath; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalTemplatesByIdArchiveRequest } };
      responses: { 200: { content: { 'application/json': GetProGoalTemplatesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals": {
    /** Pro-Goals */
    get: {
      parameters: { query?: GetProGoalsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProGoalsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Start the goal of a period */
    post: {
      parameters: { query?: never; header?: PostProGoalsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalsRequest } };
      responses: { 201: { content: { 'application/json': PostProGoals } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}": {
    /** A Pro-Goal with its progress */
    get: {
      parameters: { query?: never; header?: never; path: GetProGoalsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostProGoals } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}/approve": {
    /** Approve a Pro-Goal and make its line items */
    post: {
      parameters: { query?: never; header?: PostProGoalsByIdApproveHeaders; path: PostProGoalsByIdApprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdApproveBody } };
      responses: { 200: { content: { 'application/json': PostProGoalsByIdApproveAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}/cancel": {
    /** Cancel a Pro-Goal */
    post: {
      parameters: { query?: never; header?: PostProGoalsByIdCancelHeaders; path: PostProGoalsByIdCancelPath; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalsByIdCancelRequest } };
      responses: { 200: { content: { 'application/json': PostProGoals } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}/explain": {
    /** Where each reward came from */
    get: {
      parameters: { query?: never; header?: never; path: GetProGoalsByIdExplainPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProGoalsByIdExplainAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}/results": {
    /** Values, tiers and rewards of a Pro-Goal */
    get: {
      parameters: { query?: never; header?: never; path: GetProGoalsByIdResultsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProGoalsByIdResults } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Enter the values, answers, penalties and exclusions of a Pro-Goal */
    put: {
      parameters: { query?: never; header: PutProGoalsByIdResultsHeaders; path: PutProGoalsByIdResultsPath; cookie?: never };
      requestBody: { content: { 'application/json': PutProGoalsByIdResultsRequest } };
      responses: { 200: { content: { 'application/json': GetProGoalsByIdResults } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/pro-goals/{id}/unapprove": {
    /** Take a Pro-Goal’s approval back and void its line items */
    post: {
      parameters: { query?: never; header?: PostProGoalsByIdUnapproveHeaders; path: PostProGoalsByIdUnapprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostProGoalsByIdUnapproveRequest } };
      responses: { 200: { content: { 'application/json': PostProGoals } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/problems/{code}": {
    /** What a problem code means and what to do about it */
    get: {
      parameters: { query?: never; header?: never; path: GetProblemsByCodePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetProblemsByCodeAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays": {
    /** ProPays with their figures */
    get: {
      parameters: { query?: GetPropaysQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Make a ProPay by hand */
    post: {
      parameters: { query?: never; header?: PostPropaysHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysRequest } };
      responses: { 201: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/bulk-approve": {
    /** Approve several ProPays, each for itself */
    post: {
      parameters: { query?: never; header?: PostPropaysBulkApproveHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysBulkApproveBody } };
      responses: { 200: { content: { 'application/json': PostWorkersBulkOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/preview": {
    /** What a calculation would give */
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysPreviewRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysPreviewAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/sync-definitions": {
    /** Take the present disqualifiers and penalties over into a page of the Active ProPays */
    post: {
      parameters: { query?: never; header?: PostPropaysSyncDefinitionsHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysSyncDefinitionsRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysSyncDefinitionsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}": {
    /** A ProPay with its figures */
    get: {
      parameters: { query?: never; header?: never; path: GetPropaysByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Edit a ProPay */
    patch: {
      parameters: { query?: never; header: PatchPropaysByIdHeaders; path: PatchPropaysByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchPropaysByIdRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Delete a ProPay for good */
    delete: {
      parameters: { query?: never; header: DeletePropaysByIdHeaders; path: DeletePropaysByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/approve": {
    /** Approve a ProPay and make its line items */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdApproveHeaders; path: PostPropaysByIdApprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdApproveBody } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdApproveAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/cancel": {
    /** Cancel a ProPay */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdCancelHeaders; path: PostPropaysByIdCancelPath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdCancelRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/disqualifiers/{key}": {
    /** Answer a disqualifier of a ProPay */
    put: {
      parameters: { query?: never; header: PutPropaysByIdDisqualifiersByKeyHeaders; path: PutPropaysByIdDisqualifiersByKeyPath; cookie?: never };
      requestBody: { content: { 'application/json': PutPropaysByIdDisqualifiersByKeyRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/explain": {
    /** Where each payout came from */
    get: {
      parameters: { query?: GetPropaysByIdExplainQuery; header?: never; path: GetPropaysByIdExplainPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysByIdExplainAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/penalties/{key}": {
    /** Set a penalty of a ProPay */
    put: {
      parameters: { query?: never; header: PutPropaysByIdPenaltiesByKeyHeaders; path: PutPropaysByIdPenaltiesByKeyPath; cookie?: never };
      requestBody: { content: { 'application/json': PutPropaysByIdPenaltiesByKeyRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Take a penalty of a ProPay back */
    delete: {
      parameters: { query?: never; header: DeletePropaysByIdPenaltiesByKeyHeaders; path: DeletePropaysByIdPenaltiesByKeyPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases": {
    /** The phases of a ProPay and its reserve */
    get: {
      parameters: { query?: GetPropaysByIdPhasesQuery; header?: never; path: GetPropaysByIdPhasesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/approve": {
    /** Approve a phase: into line items, or into the reserve */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdPhasesByPhaseIdApproveHeaders; path: PostPropaysByIdPhasesByPhaseIdApprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdApproveBody } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdPhasesByPhaseIdApproveAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/disqualifiers/{key}": {
    /** Answer a disqualifier of a phase */
    put: {
      parameters: { query?: never; header: PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyHeaders; path: PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyPath; cookie?: never };
      requestBody: { content: { 'application/json': PutPropaysByIdPhasesByPhaseIdDisqualifiersByKeyRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/exclude": {
    /** Take a phase out of its ProPay */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdPhasesByPhaseIdExcludeHeaders; path: PostPropaysByIdPhasesByPhaseIdExcludePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdPhasesByPhaseIdExcludeRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/include": {
    /** Take a phase into its ProPay again */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdPhasesByPhaseIdIncludeHeaders; path: PostPropaysByIdPhasesByPhaseIdIncludePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdPhasesByPhaseIdIncludeRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/penalties/{key}": {
    /** Set a penalty of a phase */
    put: {
      parameters: { query?: never; header: PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyHeaders; path: PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyPath; cookie?: never };
      requestBody: { content: { 'application/json': PutPropaysByIdPhasesByPhaseIdPenaltiesByKeyRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Take a penalty of a phase back */
    delete: {
      parameters: { query?: never; header: DeletePropaysByIdPhasesByPhaseIdPenaltiesByKeyHeaders; path: DeletePropaysByIdPhasesByPhaseIdPenaltiesByKeyPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/phases/{phaseId}/unapprove": {
    /** Take a phase’s approval back */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdPhasesByPhaseIdUnapproveHeaders; path: PostPropaysByIdPhasesByPhaseIdUnapprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdPhasesByPhaseIdUnapproveRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysByIdPhasesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/recalculate": {
    /** Recalculate a ProPay, or show what that would change */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdRecalculateHeaders; path: PostPropaysByIdRecalculatePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdRecalculateRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdRecalculateAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/release-reserve": {
    /** Release the reserve of a phased ProPay, in part or in full */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdReleaseReserveHeaders; path: PostPropaysByIdReleaseReservePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdReleaseReserveRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdReleaseReserveAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/restore": {
    /** Restore a canceled ProPay */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdRestoreHeaders; path: PostPropaysByIdRestorePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdRestoreRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/source-changes": {
    /** What the sources say now against what was approved */
    get: {
      parameters: { query?: never; header?: never; path: GetPropaysByIdSourceChangesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetPropaysByIdSourceChangesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/source-changes/accept": {
    /** Accept what the sources say now, as adjusting line items */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdSourceChangesAcceptHeaders; path: PostPropaysByIdSourceChangesAcceptPath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdSourceChangesAcceptRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdSourceChangesAccept } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/source-changes/dismiss": {
    /** Dismiss what the sources say now */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdSourceChangesDismissHeaders; path: PostPropaysByIdSourceChangesDismissPath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdSourceChangesDismissRequest } };
      responses: { 200: { content: { 'application/json': PostPropaysByIdSourceChangesAccept } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/sync-definitions": {
    /** Take over the present disqualifiers and penalties */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdSyncDefinitionsHeaders; path: PostPropaysByIdSyncDefinitionsPath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdSyncDefinitionsRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/propays/{id}/unapprove": {
    /** Take an approval back and void its line items */
    post: {
      parameters: { query?: never; header?: PostPropaysByIdUnapproveHeaders; path: PostPropaysByIdUnapprovePath; cookie?: never };
      requestBody: { content: { 'application/json': PostPropaysByIdUnapproveRequest } };
      responses: { 200: { content: { 'application/json': GetPropaysItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/reports/{name}": {
    /** A report: bonuses-for-payroll, efficiency, job-profitability, budget-quality, benchmark, monthly, leaderboards, bonus-calculator, warranty-reserves, employee-bonus, paycom-bonuses, overrides, runs, run-exceptions, quarantine, parked, holds, tombstones, missing-wages, suspicious-wages, missing-budgets, missing-managers, jobs-without-propay, excluded-jobs, source-changes, data-freshness, time-quality, people */
    get: {
      parameters: { query?: GetReportsByNameQuery; header?: never; path: GetReportsByNamePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetReportsByNameAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/routes": {
    /** Routes with their crews */
    get: {
      parameters: { query?: GetRoutesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetRoutesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/routes/{id}": {
    /** One route */
    get: {
      parameters: { query?: GetRoutesByIdQuery; header?: never; path: GetRoutesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetRoutesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/settings": {
    /** All settings areas */
    get: {
      parameters: { query?: GetSettingsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetSettingsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/settings/{area}": {
    /** One settings area */
    get: {
      parameters: { query?: never; header?: never; path: GetSettingsByAreaPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetSettingsByAreaAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Save a settings area, or with preview=true see what would change */
    put: {
      parameters: { query?: PutSettingsByAreaQuery; header: PutSettingsByAreaHeaders; path: PutSettingsByAreaPath; cookie?: never };
      requestBody: { content: { 'application/json': PutSettingsByAreaRequest } };
      responses: { 200: { content: { 'application/json': PutSettingsByAreaAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements": {
    /** Statements */
    get: {
      parameters: { query?: GetStatementsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetStatementsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/bulk-pay": {
    /** Mark several statements paid, each for itself */
    post: {
      parameters: { query?: never; header?: PostStatementsBulkPayHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsBulkPayRequest } };
      responses: { 200: { content: { 'application/json': PostWorkersBulkOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}": {
    /** A statement with its items */
    get: {
      parameters: { query?: GetStatementsByIdQuery; header?: never; path: GetStatementsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetStatementsByIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/acknowledge": {
    /** Acknowledge the own statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdAcknowledgeHeaders; path: PostStatementsByIdAcknowledgePath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdAcknowledgeRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/answer": {
    /** Answer the disputes of a statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdAnswerHeaders; path: PostStatementsByIdAnswerPath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdAnswerRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/dispute": {
    /** Dispute the own statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdDisputeHeaders; path: PostStatementsByIdDisputePath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdDisputeRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/line-items": {
    /** Make a line item by hand on this statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdLineItemsHeaders; path: PostStatementsByIdLineItemsPath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdLineItemsRequest } };
      responses: { 201: { content: { 'application/json': PostPropaysByIdApproveLineItemsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/pay": {
    /** Mark a statement paid */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdPayHeaders; path: PostStatementsByIdPayPath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdPayRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/reopen": {
    /** Reopen a paid statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdReopenHeaders; path: PostStatementsByIdReopenPath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdReopenRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/statements/{id}/void": {
    /** Void an empty statement */
    post: {
      parameters: { query?: never; header?: PostStatementsByIdVoidHeaders; path: PostStatementsByIdVoidPath; cookie?: never };
      requestBody: { content: { 'application/json': PostStatementsByIdVoidRequest } };
      responses: { 200: { content: { 'application/json': GetStatementsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/time-entries": {
    /** Time as it was recorded at the source */
    get: {
      parameters: { query?: GetTimeEntriesQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetTimeEntriesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/time-entries/{id}": {
    /** One time entry */
    get: {
      parameters: { query?: GetTimeEntriesByIdQuery; header?: never; path: GetTimeEntriesByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetTimeEntriesItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users": {
    /** Users and invitations: role, scope, state, last sign-in */
    get: {
      parameters: { query?: GetUsersQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Invite somebody with role and scope */
    post: {
      parameters: { query?: never; header?: PostUsersHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostUsersRequest } };
      responses: { 201: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users/{id}": {
    /** One user */
    get: {
      parameters: { query?: never; header?: never; path: GetUsersByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change role, scope, worker or state of a user */
    patch: {
      parameters: { query?: never; header: PatchUsersByIdHeaders; path: PatchUsersByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchUsersByIdRequest } };
      responses: { 200: { content: { 'application/json': PatchUsersByIdAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Cancel an invitation, or remove a login */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteUsersByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users/{id}/accept-ownership": {
    /** Accept the ownership of the account */
    post: {
      parameters: { query?: never; header?: PostUsersByIdAcceptOwnershipHeaders; path: PostUsersByIdAcceptOwnershipPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users/{id}/end-sessions": {
    /** End the sessions of a user */
    post: {
      parameters: { query?: never; header?: PostUsersByIdEndSessionsHeaders; path: PostUsersByIdEndSessionsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users/{id}/resend": {
    /** Send an invitation, or send it again */
    post: {
      parameters: { query?: never; header?: PostUsersByIdResendHeaders; path: PostUsersByIdResendPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/users/{id}/transfer-ownership": {
    /** Offer the ownership of the account to an admin */
    post: {
      parameters: { query?: never; header?: PostUsersByIdTransferOwnershipHeaders; path: PostUsersByIdTransferOwnershipPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetUsersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Take back the offer of the account */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteUsersByIdTransferOwnershipPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/wage-records": {
    /** Wages that the source supplies, by date */
    get: {
      parameters: { query?: GetWageRecordsQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWageRecordsAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/wage-records/{id}": {
    /** One wage record */
    get: {
      parameters: { query?: GetWageRecordsByIdQuery; header?: never; path: GetWageRecordsByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWageRecordsItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks": {
    /** Endpoints that are told of events, without their secrets */
    get: {
      parameters: { query?: GetWebhooksQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWebhooksAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Have an endpoint told of events; its secret is shown this once */
    post: {
      parameters: { query?: never; header?: PostWebhooksHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostWebhooksRequest } };
      responses: { 201: { content: { 'application/json': PostWebhooks } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks/{id}": {
    /** One endpoint */
    get: {
      parameters: { query?: never; header?: never; path: GetWebhooksByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWebhooksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Change where and of what an endpoint is told, or switch it off and on */
    patch: {
      parameters: { query?: never; header: PatchWebhooksByIdHeaders; path: PatchWebhooksByIdPath; cookie?: never };
      requestBody: { content: { 'application/json': PatchWebhooksByIdRequest } };
      responses: { 200: { content: { 'application/json': GetWebhooksItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Remove an endpoint: what is still on its way to it is given up */
    delete: {
      parameters: { query?: never; header?: never; path: DeleteWebhooksByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks/{id}/deliveries": {
    /** What was and will be sent to an endpoint, the latest event first; kept for 30 days */
    get: {
      parameters: { query?: GetWebhooksByIdDeliveriesQuery; header?: never; path: GetWebhooksByIdDeliveriesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWebhooksByIdDeliveriesAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
    /** Send an event to an endpoint again, under the same id; retried as when it was new */
    post: {
      parameters: { query?: never; header?: PostWebhooksByIdDeliveriesByDeliveryIdRedeliverHeaders; path: PostWebhooksByIdDeliveriesByDeliveryIdRedeliverPath; cookie?: never };
      requestBody?: never;
      responses: { 202: { content: { 'application/json': PostWebhooksByIdTest } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks/{id}/rotate-secret": {
    /** Give an endpoint a new secret; the one before signs as well for 24 hours */
    post: {
      parameters: { query?: never; header?: PostWebhooksByIdRotateSecretHeaders; path: PostWebhooksByIdRotateSecretPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': PostWebhooks } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/webhooks/{id}/test": {
    /** Send `webhook.test` to an endpoint */
    post: {
      parameters: { query?: never; header?: PostWebhooksByIdTestHeaders; path: PostWebhooksByIdTestPath; cookie?: never };
      requestBody?: never;
      responses: { 202: { content: { 'application/json': PostWebhooksByIdTest } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers": {
    /** People as the integrations know them */
    get: {
      parameters: { query?: GetWorkersQuery; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/bulk-overrides": {
    /** Give several people wages or roles, each for itself */
    post: {
      parameters: { query?: never; header?: PostWorkersBulkOverridesHeaders; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': PostWorkersBulkOverridesRequest } };
      responses: { 200: { content: { 'application/json': PostWorkersBulkOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}": {
    /** One person */
    get: {
      parameters: { query?: GetWorkersByIdQuery; header?: never; path: GetWorkersByIdPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersItem } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/bonus": {
    /** What a worker has coming: projected, held until when, in process, paid */
    get: {
      parameters: { query?: never; header?: never; path: GetWorkersByIdBonusPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdBonusAnswer } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides": {
    /** What is overridden of one person, and what ever was */
    get: {
      parameters: { query?: never; header?: never; path: GetWorkersByIdOverridesPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/active": {
    /** Deactivate, archive or reactivate a person */
    put: {
      parameters: { query?: never; header: PutWorkersByIdOverridesActiveHeaders; path: PutWorkersByIdOverridesActivePath; cookie?: never };
      requestBody: { content: { 'application/json': PutWorkersByIdOverridesActiveRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Go back to what the source says of a person being there */
    delete: {
      parameters: { query?: never; header: DeleteWorkersByIdOverridesActiveHeaders; path: DeleteWorkersByIdOverridesActivePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/active/keep": {
    /** Keep a person’s state although the source says otherwise */
    post: {
      parameters: { query?: never; header?: PostWorkersByIdOverridesActiveKeepHeaders; path: PostWorkersByIdOverridesActiveKeepPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/role": {
    /** Make a person a worker, crew lead or manager */
    put: {
      parameters: { query?: never; header: PutWorkersByIdOverridesRoleHeaders; path: PutWorkersByIdOverridesRolePath; cookie?: never };
      requestBody: { content: { 'application/json': PutWorkersByIdOverridesRoleRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Go back to the role that the source says */
    delete: {
      parameters: { query?: never; header: DeleteWorkersByIdOverridesRoleHeaders; path: DeleteWorkersByIdOverridesRolePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/role/keep": {
    /** Keep a person’s role although the source says otherwise */
    post: {
      parameters: { query?: never; header?: PostWorkersByIdOverridesRoleKeepHeaders; path: PostWorkersByIdOverridesRoleKeepPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/wage": {
    /** Give a person an hourly wage from a day on */
    put: {
      parameters: { query?: never; header: PutWorkersByIdOverridesWageHeaders; path: PutWorkersByIdOverridesWagePath; cookie?: never };
      requestBody: { content: { 'application/json': PutWorkersByIdOverridesWageRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Go back to the wages of the source from a day on */
    delete: {
      parameters: { query?: DeleteWorkersByIdOverridesWageQuery; header: DeleteWorkersByIdOverridesWageHeaders; path: DeleteWorkersByIdOverridesWagePath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/wage/keep": {
    /** Keep a person’s wage although the source says otherwise */
    post: {
      parameters: { query?: never; header?: PostWorkersByIdOverridesWageKeepHeaders; path: PostWorkersByIdOverridesWageKeepPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdOverrides } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/overrides/{field}": {
    /** A field of a worker that cannot be overridden here */
    get: {
      parameters: { query?: never; header?: never; path: GetWorkersByIdOverridesByFieldPath; cookie?: never };
      requestBody?: never;
      responses: { 204: { content: {} }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
  "/v1/workers/{id}/settings": {
    /** What is settled here of one person */
    get: {
      parameters: { query?: never; header?: never; path: GetWorkersByIdSettingsPath; cookie?: never };
      requestBody?: never;
      responses: { 200: { content: { 'application/json': GetWorkersByIdSettings } }; default: { content: { 'application/problem+json': Problem } } };
    };
    /** Remove a person’s bonus, restrict access, name the payroll id */
    put: {
      parameters: { query?: never; header?: never; path: PutWorkersByIdSettingsPath; cookie?: never };
      requestBody: { content: { 'application/json': PutWorkersByIdSettingsRequest } };
      responses: { 200: { content: { 'application/json': GetWorkersByIdSettings } }; default: { content: { 'application/problem+json': Problem } } };
    };
  };
}
