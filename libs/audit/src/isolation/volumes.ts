import { fields, text } from '../objects/fields.ts';

/** Where the data of a volume is: a folder of a node, an exported folder, or a disk. */
export interface VolumeSource {
  readonly kind: 'path' | 'disk';
  /** `/var/lib/cache`, `server:/export` or the identifier of a disk. */
  readonly value: string;
}

/** Folders that belong to a node's system: every environment may mount them. */
const SYSTEM_FOLDERS =
  /^\/(?:$|(?:bin|boot|dev|etc|lib|lib64|proc|run|sbin|sys|usr|var\/run|var\/log|var\/lib\/(?:kubelet|docker|containerd|containers|crio|cni))(?:\/|$))/;

/** Fields that identify a disk, by the volume type that has them. */
const DISKS: Readonly<Record<string, string>> = {
  csi: 'volumeHandle',
  gcePersistentDisk: 'pdName',
  awsElasticBlockStore: 'volumeID',
  azureDisk: 'diskURI',
  cinder: 'volumeID',
};

/** The sources that a volume, or the spec of a PersistentVolume, names; folders of the node's system are left out. */
export function volumeSources(volume: Readonly<Record<string, unknown>>): VolumeSource[] {
  const sources: VolumeSource[] = [];
  for (const type of ['hostPath', 'local']) {
    const path = text(fields(volume[type])['path'])?.replace(/(?<=.)\/+$/, '');
    if (path?.startsWith('/') && !SYSTEM_FOLDERS.test(path)) {
      sources.push({ kind: 'path', value: path });
    }
  }
  const { server, path } = fields(volume['nfs']);
  if (typeof server === 'string' && typeof path === 'string') {
    sources.push({ kind: 'path', value: `${server}:${path}` });
  }
  for (const [type, field] of Object.entries(DISKS)) {
    const value = text(fields(volume[type])[field]);
    if (value !== undefined) sources.push({ kind: 'disk', value });
  }
  return sources;
}

/** Whether a folder is the other or in it. */
export function isWithinPath(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
