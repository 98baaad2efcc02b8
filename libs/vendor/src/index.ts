export { VENDOR_ERROR_CODES, VendorError, type VendorErrorCode } from './vendor-error.ts';
