/**
 * Files that people upload. A key is `<tenant>/<connection>/<upload>`; nobody but the product's own function reads a file, and whoever
 * holds a link may put exactly one file at exactly one key for as long as the link is good.
 */
export interface FileStore {
  /** A link that takes one PUT, sent with these headers. `sizeBytes`: refuses a file of any other size. */
  linkForPut(key: string, options: { readonly seconds: number; readonly sizeBytes: number | null }): Promise<PutLink>;
  /**
   * Opens a file; null where there is none. With `version`: null as well where the file is not that one any more. Whoever does not read
   * it to its end closes it.
   */
  open(key: string, version: string | null): Promise<StoredFile | null>;
  /** Takes a file away; one that is not there is no error. */
  remove(key: string): Promise<void>;
}

export interface PutLink {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StoredFile {
  readonly sizeBytes: number;
  /** Changes with every file that is put under the key. */
  readonly version: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): void;
}

/** The largest file that is taken (M-70). */
export const MAX_FILE_BYTES = 50 * 1_024 * 1_024;
