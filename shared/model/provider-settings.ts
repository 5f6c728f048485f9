import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from './connection.ts';
import type { EntityName } from './entities.ts';
import type { IntegrationManifest } from './manifest.ts';

/** A `connection.*` key of M-150. */
export type SettingKey = keyof ConnectionSettings;

/** What an integration says of one of its settings. */
export interface SettingManifest<K extends SettingKey = SettingKey> {
  /** What a new connection starts with; left out where somebody has to choose. */
  readonly default?: Exclude<ConnectionSettings[K], undefined>;
  /** The words it takes, of a map its values; one that ends in `*` stands for whatever begins with it. Left out: words of the source. */
  readonly options?: readonly string[];
  /** Streams whose records it decides: they are read whole when it changes (M-97). Empty where it acts on reading. */
  readonly touches: readonly string[];
}

/** The settings that an integration has beside those that all have. */
export type ProviderSettings = { readonly [K in SettingKey]?: SettingManifest<K> };

/** A decision that belongs to setting up a connection (M-40). Its settings without a default have to be given, be it as empty. */
export interface SetupStep {
  readonly step: string;
  readonly settings: readonly SettingKey[];
  /** It is wanted only where a custom field has this use. */
  readonly onlyForUse?: string;
  /** It needs records that only a first run brings, so it holds up nothing. */
  readonly afterFirstRun?: true;
}

const COMMON: readonly SettingKey[] = [
  'cycleMinutes',
  'timeImportFrom',
  'entities',
  'ignoredStatuses',
  'statusMap',
  'budgetSyncEnabled',
  'managerMap',
];

type Declared = Pick<IntegrationManifest, 'cycles' | 'entities' | 'settings' | 'streams' | 'auxiliary'>;

/** Whether an integration has a setting at all; what it has not is refused, and never shown. */
export function hasSetting(manifest: Omit<Declared, 'cycles' | 'entities'>, key: SettingKey): boolean {
  // Only lists that are read by date have a window to trail (M-82).
  if (key === 'trailingDays') return [...manifest.streams, ...manifest.auxiliary].some(({ delta }) => delta.kind === 'window');
  return COMMON.includes(key) || manifest.settings[key] !== undefined;
}

/** Settings of a new connection before anybody changed one (M-150); what has to be chosen is not there. */
export function newSettings(
  manifest: Declared,
  timeImportFrom: LocalDate,
  entities: readonly EntityName[] = manifest.entities,
): ConnectionSettings {
  const own = Object.entries(manifest.settings).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value]],
  );
  return {
    cycleMinutes: manifest.cycles.includes(20) ? 20 : manifest.cycles[0]!,
    trailingDays: 14,
    timeImportFrom,
    entities,
    ignoredStatuses: [],
    statusMap: {},
    budgetSyncEnabled: true,
    importWages: false,
    roleMap: {},
    managerMap: {},
    ...Object.fromEntries(own),
  };
}

/** The set-up steps that hold up the first run: those for which something has to be chosen that nobody has chosen yet (M-58, M-77). */
export function openSetupSteps(
  { setupSteps }: Pick<IntegrationManifest, 'setupSteps'>,
  settings: ConnectionSettings,
): readonly string[] {
  const uses = Object.values(settings.customFieldUses ?? {});
  return setupSteps
    .filter(({ afterFirstRun }) => afterFirstRun !== true)
    .filter(({ onlyForUse }) => onlyForUse === undefined || uses.includes(onlyForUse))
    .filter((step) => step.settings.some((key) => settings[key] === undefined))
    .map(({ step }) => step);
}
