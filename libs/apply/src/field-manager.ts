/** The one field manager of everything that apply writes. */
export const FIELD_MANAGER = 'prow-deploy';
