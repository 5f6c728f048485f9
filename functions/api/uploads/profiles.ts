import type { FileEntity } from '#imports/columns.ts';
import { canonicalProfile } from '#imports/shipped.ts';
import type { Connection } from '#model/connection.ts';
import type { UploadProfile } from '#model/upload.ts';

/** The layout that files of a kind are read by: the connection's own for them, else the canonical columns. */
export function profileOf({ settings }: Connection, stream: string): UploadProfile {
  const own = settings.fileProfile?.find(({ entity }) => entity === stream);
  const document = own ?? canonicalProfile(stream as FileEntity);
  return { name: document.profile, version: document.version, document };
}
