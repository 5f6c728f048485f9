import { confirmLink, createLink, discardLink, listLinks } from '../links/links.ts';
import type { RouteDefinition } from '../route.ts';
import { acceptUpload } from './accept-upload.ts';
import { createUpload } from './create-upload.ts';
import { discardUpload } from './discard-upload.ts';
import type { UploadPorts } from './ports.ts';
import { getUpload, getUploadReport, listUploads } from './read-uploads.ts';

/** Routes of files that people upload, and of links between records. */
export const uploadRoutes: readonly RouteDefinition<UploadPorts>[] = [
  listUploads,
  createUpload,
  getUpload,
  discardUpload,
  getUploadReport,
  acceptUpload,
  listLinks,
  createLink,
  confirmLink,
  discardLink,
];
