import type { Mail } from '#platform/mailer.ts';

/** Languages that mails are written in. */
export type Language = 'en' | 'es';

/** What a mail is made of; every line is text, wherever it came from. */
export interface Letter {
  readonly subject: string;
  /** Paragraphs; a link stands on a line of its own. */
  readonly paragraphs: readonly (string | Link)[];
}

export interface Link {
  readonly label: string;
  readonly href: string;
}

/** A mail as plain text, and as HTML without images, scripts or anything that is loaded. */
export function mailOf(to: string, { subject, paragraphs }: Letter): Mail {
  const text = paragraphs.map((one) => (typeof one === 'string' ? one : `${one.label}: ${one.href}`)).join('\n\n');
  const html = paragraphs.map((one) => (typeof one === 'string' ? `<p>${escaped(one)}</p>` : linked(one))).join('\n');
  return {
    to,
    subject: subject.replace(/\s+/g, ' '),
    text: `${text}\n`,
    html: `<!doctype html>\n<meta charset="utf-8">\n${html}\n`,
  };
}

function linked({ label, href }: Link): string {
  return `<p><a href="${escaped(href)}">${escaped(label)}</a></p>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
