/** One kind of scalar that YAML 1.1 knows. */
export interface Yaml11Scalar {
  readonly tag: string;
  readonly test: RegExp;
  readonly resolve: (text: string) => unknown;
}

/**
 * What kubectl reads as YAML 1.1 and YAML 1.2 reads otherwise: `defaultMode: 0644` is octal, `yes` is a boolean.
 * Dates stay text there, so the whole 1.1 schema would be wrong too.
 */
export const yaml11Scalars: readonly Yaml11Scalar[] = [
  {
    tag: 'tag:yaml.org,2002:int',
    test: /^[-+]?0[0-7]+$/,
    resolve: (text) => parseInt(text, 8),
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    test: /^(?:yes|Yes|YES|on|On|ON)$/,
    resolve: () => true,
  },
  {
    tag: 'tag:yaml.org,2002:bool',
    test: /^(?:no|No|NO|off|Off|OFF)$/,
    resolve: () => false,
  },
];
