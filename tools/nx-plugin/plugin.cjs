const { load } = require('./load.cjs');

module.exports = {
  name: '@prow-deploy/nx-plugin',
  ...load('graph/create-nodes'),
  ...load('graph/create-dependencies'),
};
