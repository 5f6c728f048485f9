import type { TenantScope } from '#model/scope.ts';
import type { InvitationMessage, InvitationPorts } from '#people/send-invitation.ts';
import { noteDelivery, takeInvitation } from '#people/send-invitation.ts';
import type { Mailer } from '#platform/mailer.ts';
import { readArea } from '#store/settings-repository.ts';
import { type Language, type Letter, mailOf } from './compose.ts';

/** What sending a mail takes from the outside. */
export interface MailPorts extends InvitationPorts {
  readonly mail: Mailer;
  /** Where people use the product: links in mails begin with it. */
  readonly appUrl: string;
}

/** What the mail service's last failure is called on the user. */
const UNREACHABLE = 'mail-service-unavailable';

/**
 * Sends the mail of an invitation that waits for it and notes that it went out, or why it never will (M-147). A failure that may pass throws, so
 * that the message comes back; with its last try the invitation has failed, and can be sent again by hand.
 */
export async function sendInvitation(ports: MailPorts, scope: TenantScope, userId: string, lastTry: boolean): Promise<void> {
  const message = await takeInvitation(ports, scope, userId);
  if (message === null) return;
  const letter = await letterOf(ports, scope, message);
  try {
    await noteDelivery(ports, scope, message, await ports.mail(mailOf(message.email, letter)));
  } catch (error) {
    if (lastTry) await noteDelivery(ports, scope, message, UNREACHABLE);
    throw error;
  }
}

async function letterOf({ table, appUrl }: MailPorts, scope: TenantScope, message: InvitationMessage): Promise<Letter> {
  const tenant = (await readArea(table, scope, 'tenant'))?.values as { readonly name: string; readonly language?: Language };
  const link = `${appUrl}/invitations#${message.invitation}`;
  return LETTERS[tenant.language ?? 'en'](message.name, tenant.name, link, message.expiresAt.slice(0, 10));
}

/** The secret stands behind the `#`: browsers keep that part to themselves. Nobody's language is known before they have signed in: the tenant's it is. */
const LETTERS: Readonly<Record<Language, (name: string, tenant: string, href: string, until: string) => Letter>> = {
  en: (name, tenant, href, until) => ({
    subject: `${tenant} invites you to Protiv`,
    paragraphs: [
      `Hello ${name},`,
      `${tenant} has invited you to Protiv, where you see the work and the bonuses that concern you.`,
      { label: 'Accept the invitation', href },
      `The invitation is good until ${until}. If you were not expecting it, you can ignore this message.`,
    ],
  }),
  es: (name, tenant, href, until) => ({
    subject: `${tenant} le invita a Protiv`,
    paragraphs: [
      `Hola, ${name}:`,
      `${tenant} le ha invitado a Protiv, donde puede ver el trabajo y los bonos que le corresponden.`,
      { label: 'Aceptar la invitación', href },
      `La invitación es válida hasta el ${until}. Si no la esperaba, puede ignorar este mensaje.`,
    ],
  }),
};
