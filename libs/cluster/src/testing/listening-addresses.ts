import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The addresses, such as `127.0.0.1:6443`, on which this process accepts TCP connections. Read from /proc, Linux only. */
export function listeningAddresses(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode ?? [];
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        // sl local_address rem_address st … inode, see proc_net(5); 0A is LISTEN.
        const fields = line.trim().split(/\s+/);
        const [, local = '', , state] = fields;
        return state === '0A' && sockets.has(fields[9] ?? '') ? [addressOf(local)] : [];
      }),
  );
}

// Each 32-bit word is in the machine's byte order, here little-endian.
function addressOf(local: string): string {
  const [words = '', port = ''] = local.split(':');
  const bytes = (words.match(/.{8}/g) ?? []).flatMap((word) => [
    ...Buffer.from(word, 'hex').reverse(),
  ]);
  const host = bytes.length === 4 ? bytes.join('.') : `[${Buffer.from(bytes).toString('hex')}]`;
  return `${host}:${Number.parseInt(port, 16)}`;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
