/** The face of the patch formats: JSON merge patch, JSON patch, strategic merge patch, and the patches clients make. */
export { createJsonMergePatch, createThreeWayJsonMergePatch, jsonMergePatch } from './json-merge-patch.ts';
export { jsonPatch, maxJsonPatchOperations } from './json-patch.ts';
export { PatchError, type PatchErrorKind, unprocessableMessage } from './patch-error.ts';
export { createThreeWayMergePatch, createTwoWayMergePatch } from './strategic-diff.ts';
export { strategicMergePatch } from './strategic-merge-patch.ts';
