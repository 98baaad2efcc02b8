import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extract } from 'tar-stream';

/** A registry that has one image, and is asked over plain HTTP (the OCI distribution specification, pulling only). */
export interface Registry {
  readonly port: number;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Serves the image of a Docker archive, by any name and tag, on this address. */
export async function serveImage(tar: string, address: string): Promise<Registry> {
  const blobs = await imageBlobs(tar);
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const digest = /\/blobs\/(sha256:\w+)$/.exec(path)?.[1] ?? blobs.manifest;
    const blob = /\/(blobs|manifests)\//.test(path) ? blobs.byDigest.get(digest) : undefined;
    if (blob === undefined) {
      response.writeHead(path.startsWith('/v2/') && path.length === 4 ? 200 : 404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': blob.type,
      'content-length': blob.data.length,
      'docker-content-digest': digest,
    });
    response.end(request.method === 'HEAD' ? undefined : blob.data);
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Blob {
  readonly type: string;
  readonly data: Buffer;
}

async function imageBlobs(
  tar: string,
): Promise<{ readonly manifest: string; readonly byDigest: ReadonlyMap<string, Blob> }> {
  const files = new Map<string, Buffer>();
  for await (const entry of createReadStream(tar).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  const [{ Config, Layers }] = JSON.parse(files.get('manifest.json')?.toString() ?? '') as [
    { Config: string; Layers: [string] },
  ];
  const byDigest = new Map<string, Blob>();
  const add = (type: string, data: Buffer) => {
    const mediaType = `application/vnd.oci.image.${type}`;
    const digest = `sha256:${createHash('sha256').update(data).digest('hex')}`;
    byDigest.set(digest, { type: mediaType, data });
    return { mediaType, digest, size: data.length };
  };
  const config = add('config.v1+json', files.get(Config) ?? Buffer.alloc(0));
  const layers = Layers.map((name) => add('layer.v1.tar', files.get(name) ?? Buffer.alloc(0)));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = { schemaVersion: 2, mediaType, config, layers };
  return {
    manifest: add('manifest.v1+json', Buffer.from(JSON.stringify(manifest))).digest,
    byDigest,
  };
}
