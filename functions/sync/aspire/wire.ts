import * as z from 'zod/mini';
import { ExactNumber } from '#kernel/decimal.ts';

/**
 * The fields this connector relies on, per list, in the wire form of Aspire's external API v1.0. Whatever else a row holds is ignored
 * and never read, so PINs, notes, home data and wages on time rows do not even reach the mapping (M-25). A field of another type
 * rejects its row alone (M-98); a missing one counts as null.
 */

const number = z.union([z.number(), z.instanceof(ExactNumber)]);
/** The plain kinds of fields: each may be null or missing. */
export const num = z.optional(z.nullable(number));
export const text = z.optional(z.nullable(z.string()));
export const flag = z.optional(z.nullable(z.boolean()));

export const branchRow = z.object({
  BranchID: num,
  BranchName: text,
  BranchCode: text,
  BranchAddressCity: text,
  TimeZone: text,
  Active: flag,
  LegalName: text,
});
export const divisionRow = z.object({ DivisionID: num, DivisionName: text, DivisionCode: text, Indirect: flag, Active: flag });
export const routeRow = z.object({
  RouteID: num,
  RouteName: text,
  BranchID: num,
  DivisionID: num,
  CrewLeaderContactID: num,
  ManagerContactID: num,
  DisplayOrder: num,
  Active: flag,
});
export const companyRow = z.object({
  CompanyID: num,
  CompanyName: text,
  Active: flag,
  CreatedDateTime: text,
  ModifiedDateTime: text,
});
export const propertyRow = z.object({
  PropertyID: num,
  PropertyName: text,
  SequenceNumber: text,
  PropertyStatusName: text,
  PropertyAddressLine1: text,
  PropertyAddressCity: text,
  PropertyAddressStateProvinceCode: text,
  PropertyAddressZipCode: text,
  Active: flag,
  CreatedDate: text,
  ModifiedDate: text,
  PropertyContacts: z.optional(z.nullable(z.array(z.object({ CompanyID: num, PrimaryContact: flag, BillingContact: flag })))),
});
export const contactRow = z.object({
  ContactID: num,
  ContactTypeName: text,
  FirstName: text,
  LastName: text,
  Email: text,
  MobilePhone: text,
  EmployeeNumber: text,
  BranchID: num,
  UserID: num,
  Active: flag,
  TerminationDate: text,
  CreatedDateTime: text,
  ModifiedDate: text,
});
export const userRow = z.object({
  UserID: num,
  UserRoles: z.optional(z.nullable(z.array(z.object({ RoleID: num, RoleName: text })))),
});
export const payRateRow = z.object({
  PayRateID: num,
  ContactID: num,
  EffectiveDate: text,
  HourlyBasePay: num,
  BurdenPercent: num,
});
export const payCodeRow = z.object({ PayCodeID: num, PayCode: text, PayCodeName: text });
export const serviceRow = z.object({
  ServiceID: num,
  ServiceTypeID: num,
  ServiceTypeName: text,
  DisplayName: text,
  ServiceName: text,
});
export const serviceTypeRow = z.object({ ServiceTypeID: num, ServiceTypeName: text });
export const jobStatusRow = z.object({ JobStatusID: num, JobStatus: text });
export const jobRow = z.object({ JobID: num, OpportunityID: num, JobStatusID: num, CompleteDate: text, CancelDate: text });
export const opportunityRow = z.object({
  OpportunityID: num,
  OpportunityNumber: num,
  OpportunityName: text,
  OpportunityType: text,
  OpportunityStage: text,
  OpportunityStageName: text,
  OpportunityStatus: text,
  OpportunityStatusName: text,
  JobStatusName: text,
  PropertyID: num,
  PropertyName: text,
  BillingCompanyID: num,
  BranchID: num,
  DivisionID: num,
  OperationsManagerContactID: num,
  MasterOpportunityID: num,
  InvoiceType: text,
  StartDate: text,
  EndDate: text,
  CompleteDate: text,
  LostDate: text,
  WonDollars: num,
  EstimatedDollars: num,
  EstimatedLaborHours: num,
  EstimatedLaborCost: num,
  CreatedDateTime: text,
  ModifiedDate: text,
});
export const opportunityServiceRow = z.object({
  OpportunityServiceID: num,
  OpportunityID: num,
  ServiceID: num,
  DisplayName: text,
  InvoiceType: text,
  RemovedOpportunityRevisionID: num,
  LastModifiedDateTime: text,
  OpportunityServiceRoutes: z.optional(z.nullable(z.array(z.object({ RouteID: num })))),
});
export const workTicketRow = z.object({
  WorkTicketID: num,
  WorkTicketNumber: num,
  OpportunityID: num,
  OpportunityServiceID: num,
  Occur: num,
  AnticStartDate: text,
  ScheduledStartDate: text,
  CompleteDate: text,
  WorkTicketStatusID: num,
  WorkTicketStatus: text,
  WorkTicketStatusName: text,
  CrewLeaderContactID: num,
  HoursEst: num,
  HourCostEst: num,
  Price: num,
  PercentComplete: num,
  BranchID: num,
  CreatedDateTime: text,
  LastModifiedDateTime: text,
});
export const visitRow = z.object({
  WorkTicketVisitID: num,
  WorkTicketID: num,
  RouteID: num,
  ScheduledDate: text,
  SequenceNum: num,
});
export const ticketItemRow = z.object({
  WorkTicketItemID: num,
  WorkTicketID: num,
  CatalogItemID: num,
  ItemName: text,
  ItemType: text,
  AllocationUnitTypeName: text,
  ItemQuantityExtended: num,
  CreatedDateTime: text,
});
export const workTicketTimeRow = z.object({
  WorkTicketTimeID: num,
  WorkTicketID: num,
  ContactID: num,
  WorkTicketTimeDate: text,
  StartTime: text,
  EndTime: text,
  Hours: num,
  OTHours: num,
  BreakTime: num,
  WarrantyTime: flag,
  DistributedTime: flag,
  PayCodeID: num,
  PayCodeName: text,
  RouteID: num,
  BranchID: num,
  BranchTimeZone: text,
  ApprovedDateTime: text,
  ExportedDateTime: text,
  CreatedDateTime: text,
  LastModifiedDateTime: text,
});
export const clockTimeRow = z.object({
  ClockTimeID: num,
  ContactID: num,
  ClockStart: text,
  ClockEnd: text,
  BreakTime: num,
  AcceptedDateTime: text,
});
