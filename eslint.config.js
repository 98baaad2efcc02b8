import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** `tools/nx-plugin` depends on `libs`, never the other way: each library is usable without Nx. */
const librariesStandAlone = {
  files: ['libs/**/*.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['nx', 'nx/*', '@nx/*', '@prow-deploy/nx-plugin'],
            message: 'Libraries are usable without Nx; only tools/nx-plugin may import it.',
          },
        ],
      },
    ],
  },
};

/** Only `libs/cluster` connects; `libs/apply` and `libs/verify` work through what it returns. */
const onlyClusterConnects = {
  files: ['libs/**/*.ts', 'tools/**/*.ts'],
  ignores: ['libs/cluster/**'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        paths: [
          {
            name: '@kubernetes/client-node',
            allowTypeImports: true,
            message: 'Only libs/cluster connects to a cluster; work through what it returns.',
          },
        ],
      },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '.nx',
      '.cluster',
      'coverage',
      'environments/*/configs',
      'environments/*/secrets',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.lint.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  librariesStandAlone,
  onlyClusterConnects,
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: false,
        module: false,
        exports: false,
        __dirname: false,
        __filename: false,
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
