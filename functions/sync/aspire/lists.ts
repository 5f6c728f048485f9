/** The lists this connector reads: the name in the address and the field of the row's own id. */
export const LISTS = {
  Branches: 'BranchID',
  Divisions: 'DivisionID',
  Routes: 'RouteID',
  Companies: 'CompanyID',
  Properties: 'PropertyID',
  Contacts: 'ContactID',
  Users: 'UserID',
  PayRates: 'PayRateID',
  PayCodes: 'PayCodeID',
  Roles: 'RoleID',
  ContactTypes: 'ContactTypeID',
  OpportunityStatuses: 'OpportunityStatusID',
  Services: 'ServiceID',
  ServiceTypes: 'ServiceTypeID',
  Opportunities: 'OpportunityID',
  Jobs: 'JobID',
  JobStatuses: 'JobStatusID',
  OpportunityServices: 'OpportunityServiceID',
  WorkTickets: 'WorkTicketID',
  WorkTicketVisits: 'WorkTicketVisitID',
  WorkTicketItems: 'WorkTicketItemID',
  WorkTicketTimes: 'WorkTicketTimeID',
  ClockTimes: 'ClockTimeID',
} as const;

export type ListName = keyof typeof LISTS;
