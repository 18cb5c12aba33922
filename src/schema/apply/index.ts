/** The face of field ownership: managedFields on every write, and server-side apply. */
export { type FieldSet, fieldSetOf } from './field-set.ts';
export { keepManagedFieldsTimes, type ManagedFieldsEntry } from './managers.ts';
export { ownPaths, type ResetFields, resetPaths } from './reset-fields.ts';
export { type ApplyConflicts, type ApplyRequest, type ApplyResult, serverSideApply } from './server-side-apply.ts';
export { type UpdateRequest, updateManagedFields } from './update-managed-fields.ts';
