/** The lines of docs and architecture, held by a tool: who may import whom. */
module.exports = {
  forbidden: [
    {
      name: 'only-the-kernel-speaks-http-and-sql',
      comment: 'Handlers return values and take a Db: express, knex and pg stay in the kernel.',
      severity: 'error',
      from: { path: '^src/(?!kernel/)' },
      to: { path: '^node_modules/(@types/)?(express|express-session|knex|pg|graphile-worker)/' },
    },
    {
      name: 'the-kernel-knows-no-module',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^(src/modules/|src/[^/]+\\.ts$|seeds/|migrations/)' },
    },
    {
      name: 'modules-share-queries-and-rules-only',
      comment: 'Not the pages, forms, mails or jobs of another module.',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: {
        path: '^src/modules/.*/(routes|index|forms|mails|jobs)\\.ts$',
        pathNot: '^src/modules/$1/',
      },
    },
    {
      name: 'modules-know-no-start',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-runs-on-development-packages',
      severity: 'error',
      from: { path: '^(src|migrations|seeds)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'nothing-that-is-not-there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
