const compiled = new Map<string, RegExp>();

/** Whether a text matches a pattern with `*` (any run) and `?` (any one character); case counts. */
export function matchesPattern(text: string, pattern: string): boolean {
  if (!pattern.includes('*') && !pattern.includes('?')) return text === pattern;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** Whether an ARN matches a pattern part by part: a `*` in one of the first five parts does not reach over a colon. */
export function matchesArn(arn: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const parts = split(arn);
  const wanted = split(pattern);
  return wanted.length === parts.length && wanted.every((part, index) => matchesPattern(parts[index]!, part));
}

function split(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
