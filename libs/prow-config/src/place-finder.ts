import {
  parseYamlFile,
  PLUGINS_FILE,
  type RenderedConfig,
  type YamlFile,
} from '@prow-deploy/environment';
import type { ConfigPlace } from './config-finding.ts';
import { type ConfigNode, deletedNodes, nodesOf } from './config-node.ts';
import { type ConfigIndex, findNodes, indexNodes } from './find-nodes.ts';
import type { OriginPlaces } from './origin-places.ts';

/** Finds where in the base configuration or in the scripts what Prow says is to blame on. */
export class PlaceFinder {
  readonly #configs: readonly RenderedConfig[];
  readonly #origins: OriginPlaces;
  readonly #indexes = new Map<string, ConfigIndex>();
  readonly #parsed = new Map<RenderedConfig, YamlFile>();

  /** @param configs what checkconfig reads */
  constructor(configs: readonly RenderedConfig[], origins: OriginPlaces) {
    this.#configs = configs;
    this.#origins = origins;
  }

  /** @param message with the rendered files as `configs/…` */
  async find(message: string): Promise<ConfigPlace[]> {
    const named = this.#configs.filter(({ path }) => message.includes(`configs/${path}`));
    const inLine = named.length === 1 && named[0] ? this.#nodeAtLine(message, named[0]) : [];
    const nodes =
      inLine.length > 0
        ? inLine
        : findNodes(
            message.replaceAll(/configs\/[^\s:,"]+/g, ''),
            this.#index(this.#scope(message, named)),
          );
    const places = await Promise.all(nodes.map((node) => this.#placeOf(node)));
    if (places.length === 0 && named[0]) places.push(await this.#origins.of(named[0], []));
    return uniquePlaces(places);
  }

  // The file that the message names, else those of the part of Prow that speaks.
  #scope(message: string, named: readonly RenderedConfig[]): readonly RenderedConfig[] {
    if (named.length > 0) return named;
    if (/plugin config|plugins agent/.test(message)) {
      return this.#configs.filter(({ path }) => path === PLUGINS_FILE);
    }
    const isOther = message.startsWith('error loading prow config');
    return this.#configs.filter(({ path }) => !isOther || path !== PLUGINS_FILE);
  }

  #index(configs: readonly RenderedConfig[]): ConfigIndex {
    const key = configs.map(({ path }) => path).join('\0');
    const index =
      this.#indexes.get(key) ?? indexNodes(configs.flatMap((config) => [...this.#nodes(config)]));
    this.#indexes.set(key, index);
    return index;
  }

  *#nodes(config: RenderedConfig): Generator<ConfigNode> {
    const value: unknown = this.#parse(config).documents[0]?.toJS();
    yield* nodesOf(config.path, value);
    yield* deletedNodes(config.path, value, config.trace);
  }

  // A parser of Go counts lines of the rendered file; some of its messages are a line off.
  #nodeAtLine(message: string, config: RenderedConfig): ConfigNode[] {
    const line = Number(/\byaml: line (\d+)/.exec(message)?.[1] ?? 0);
    if (line === 0) return [];
    const source = this.#parse(config);
    const lineOf = ({ path }: ConfigNode): number => Number(source.where(path).split(':').at(-1));
    const before = [...nodesOf(config.path, source.documents[0]?.toJS())].filter(
      (node) => lineOf(node) <= line,
    );
    return before.slice(-1);
  }

  #parse(config: RenderedConfig): YamlFile {
    const parsed = this.#parsed.get(config) ?? parseYamlFile(config.text, config.path);
    this.#parsed.set(config, parsed);
    return parsed;
  }

  async #placeOf({ file, path, deletedBy }: ConfigNode): Promise<ConfigPlace> {
    const config = this.#configs.find((candidate) => candidate.path === file);
    if (config === undefined) throw new Error(`${file} was not rendered.`);
    return deletedBy === undefined
      ? this.#origins.of(config, path)
      : this.#origins.ofCommand(config, deletedBy);
  }
}

function uniquePlaces(places: readonly ConfigPlace[]): ConfigPlace[] {
  return [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()];
}
