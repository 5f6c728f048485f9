import type { CheckResult, Connector, ConnectorSession } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import { manifest } from './manifest.ts';

/** Raised with every change of what the rows of a file become (M-97). */
const MAPPING_VERSION = 1;

/** A source of files: there is nothing to log in to and nothing to ask. Its runs read what was accepted (`fileSteps`). */
export const fileImportConnector: Connector = { manifest, mappingVersion: MAPPING_VERSION, check, open };

async function check(): Promise<CheckResult> {
  return { accountId: null, accountName: null, branchSourceIds: [], missingScopes: [] };
}

async function open(): Promise<ConnectorSession> {
  return { account: { id: null, name: null }, readPage: nothingToAsk, fetch: nothingToAsk };
}

async function nothingToAsk(): Promise<never> {
  throw new SourceError('request_rejected', 'a source of files cannot be asked');
}
