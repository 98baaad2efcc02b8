/** The command that runs a target of the environment, as it was read: `nx run testing:verify --configuration=node`. */
export function nxRun(
  { name, configuration }: { readonly name: string; readonly configuration?: string | undefined },
  target: string,
): string {
  const rest = configuration === undefined ? '' : ` --configuration=${configuration}`;
  return `nx run ${name}:${target}${rest}`;
}
