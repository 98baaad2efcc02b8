export { configMapKey, configMapOf } from './config-map-key.ts';
export {
  type ConfigMapContent,
  type ConfigMapProblem,
  type ConfigMaps,
  MAX_CONFIG_MAP_BYTES,
  NEAR_LIMIT,
  toConfigMaps,
  type UpdaterFile,
} from './config-maps.ts';
export { matchesPattern } from './match-pattern.ts';
export { printConfigMaps } from './print-config-maps.ts';
export { readUpdaterMaps, type UpdaterMap } from './updater-map.ts';
