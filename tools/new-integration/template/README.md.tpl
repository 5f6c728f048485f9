# __Title__ connector

Reads one __Title__ account and maps its rows to canonical records. It never writes to __Title__. The engine drives it through `Connector`
(`shared/mirror/connector.ts`).

| File | What |
|---|---|
| `manifest.ts` | streams, deltas, delete proofs, limits, hosts: data only |
| `index.ts`, `session.ts` | `__name__Connector`: check, pages and rows by id |
| `client.ts` | log-in and lists |
| `wire.ts`, `map.ts` | wire schemas of the fields relied on; the mapping |
| `offline.ts` | mapping without a source, for tools |
| `fake/` | a fake for tests and the local host; never bundled |

## To be written

1. The contract: hosts, log-in, paging, stamps, deletions, limits, what is not known. It goes here, with where each fact is from.
2. `manifest.ts`: hosts, rate, one stream for each list with how its changes and deletions are found.
3. `client.ts`: the log-in and a page of a list. `map.ts`: one mapping for each entity.
4. `fake/`: what the contract says the source does, and a recorded company with some rows in every list.
5. A demo tenant in `local/demo/tenants.ts`.

`npm test -- test/conformance test/functions/sync/__provider__` says what is missing.
