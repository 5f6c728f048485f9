import { type DemoTenant, dayBeforeFirstEntry } from './tenants.ts';

/** Connects a demo tenant to its fake source through the API, as an admin would, with the recorded company's own conventions. */
export async function connectSource(baseUrl: string, token: string, tenant: DemoTenant, sourceUrl: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/v1/connections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      provider: 'aspire',
      name: 'Aspire',
      credentials: { clientId: tenant.clientId, secret: tenant.secret, baseUrl: sourceUrl },
      settings: {
        timeImportFrom: dayBeforeFirstEntry(tenant.dataset),
        importWages: true,
        payCodeMap: { 'Drive Time': 'drive' },
        employeeContactTypes: ['Employee'],
        recurringTypes: ['Contract'],
      },
    }),
  });
  const body = (await answer.json()) as { id?: string; detail?: string };
  if (answer.status !== 201 || body.id === undefined)
    throw new Error(`connecting ${tenant.name} was answered ${answer.status}: ${body.detail ?? ''}`);
  return body.id;
}

/** Gives stored connections the address of their source again, after a start on which that had to move. */
export async function reconnectSource(
  baseUrl: string,
  token: string,
  tenant: DemoTenant,
  connectionId: string,
  sourceUrl: string,
): Promise<void> {
  const answer = await fetch(`${baseUrl}/v1/connections/${connectionId}/reconnect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ credentials: { clientId: tenant.clientId, secret: tenant.secret, baseUrl: sourceUrl } }),
  });
  if (!answer.ok) throw new Error(`reconnecting ${tenant.name} was answered ${answer.status}`);
}
