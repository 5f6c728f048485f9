/** `quickbooks-time` → `QuickbooksTime`: the form that ids of constructs take. */
export function pascalCase(kebab: string): string {
  return kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `quickbooks-time` → `SYNC_FUNCTION_QUICKBOOKS_TIME`: the variable that names a provider's sync function to the API. */
export function syncFunctionVariable(provider: string): string {
  return `SYNC_FUNCTION_${provider.toUpperCase().replaceAll('-', '_')}`;
}
