/**
 * Stand in for where the SDK looks for settings after the environment: profile files in the home directory and the metadata
 * service. A function has neither, and one that runs on somebody's machine must not be steered by the files it finds there.
 */
export function fromSharedConfigFiles(): () => Promise<never> {
  return async () => {
    // The SDK goes on to the default of the setting when an error says so.
    throw Object.assign(new Error('Settings come from the environment only.'), { tryNextLink: true });
  };
}

/** Asked in one mode of defaults that our clients do not use; nothing is known. */
export async function getInstanceMetadataRegion(): Promise<undefined> {
  return undefined;
}
