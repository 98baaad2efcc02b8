/**
 * Whether kustomize would take a reference from somewhere else: it fetches http and https, and clones what looks like a
 * repository (schemes, `git@host:`, `host.tld/owner/repo`, `?ref=`).
 */
export function isRemote(reference: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:(?:\/\/|:)/i.test(reference) ||
    /^(?:[\w.-]+@)?[\w.-]+\.[a-z]+:/i.test(reference) ||
    /^[\w.-]+@[\w.-]+:/.test(reference) ||
    /^(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)\//i.test(reference) ||
    /[?&](?:ref|version|timeout|submodules)=/.test(reference) ||
    /\.git(?:$|\/\/)/.test(reference)
  );
}
