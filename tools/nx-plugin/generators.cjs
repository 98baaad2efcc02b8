const { load } = require('./load.cjs');

// Each is loaded when Nx asks for it by its name in generators.json.
for (const name of ['config-version', 'environment', 'patch']) {
  Object.defineProperty(exports, name, { get: () => load(`generators/${name}/generator`).default });
}
