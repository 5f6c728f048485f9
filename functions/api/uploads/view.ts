import type { Upload, UploadReport } from '#model/upload.ts';

/** An upload as lists show it. */
export function uploadSummary(upload: Upload): Record<string, unknown> {
  const { id, connectionId, entity, mode, window, windowStated, status, profile, createdAt, createdBy, expiresAt, runId } =
    upload;
  return {
    id,
    connectionId,
    entity,
    mode,
    window,
    windowProposed: window !== null && !windowStated,
    status,
    profile: { name: profile.name, version: profile.version },
    createdAt,
    createdBy,
    expiresAt,
    runId,
  };
}

/** An upload with its preview. */
export function uploadView(upload: Upload, report: UploadReport): Record<string, unknown> {
  const { file, refusal, preview } = upload;
  return {
    ...uploadSummary(upload),
    file: file && { sizeBytes: file.sizeBytes, encoding: file.encoding },
    refusal,
    counts: preview && {
      rows: preview.rows,
      ...preview.counts,
      rejected: preview.rejected,
      warnings: preview.warnings,
    },
    rejected: report.rejected,
    warnings: report.warnings,
    deletions: report.deletions,
    deletionsHeld: preview?.deletionsHeld ?? false,
    latestDate: preview?.latestDate ?? null,
    unknownStatuses: preview?.unknownStatuses ?? [],
  };
}
