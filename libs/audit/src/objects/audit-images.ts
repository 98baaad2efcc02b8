import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { text } from './fields.ts';
import { podTemplates } from './pod-templates.ts';

/** Images with neither a tag nor a digest: that is `latest`, so another one whenever it is pulled. */
export function* auditImages(objects: readonly KubernetesObject[]): Generator<Finding> {
  for (const template of objects.flatMap(podTemplates)) {
    const object = describeObject(template.object);
    for (const { name, fields } of template.containers) {
      const image = text(fields['image']);
      if (image === undefined || TAG_OR_DIGEST.test(image)) continue;
      const message = `${object} runs container ${name} from ${image}, which has no tag: what that is changes with every pull. Set one where it is written, or in the images of the kustomization.`;
      yield finding('image-untagged', message, { object });
    }
  }
}

// Behind the last slash: a colon before it is that of a registry's port.
const TAG_OR_DIGEST = /[:@][^/]+$/;
