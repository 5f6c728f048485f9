/**
 * Stands in for `@smithy/core/event-streams` in every bundle. The SDK loads it for operations that stream events; none of
 * ours does, and it weighs 15 KB.
 */
export function eventStreamSerdeProvider(): never {
  throw new Error('An AWS operation that streams events is not part of any bundle.');
}

/** See `eventStreamSerdeProvider`. */
export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}

/** Clients with such operations ask for this when they are made; it changes nothing until one of them is called. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}
