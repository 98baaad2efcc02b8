export { builtImagesIn } from './images/built-image.ts';
export { gitFiles } from './images/git-files.ts';
export { programContent, type ProgramContentOptions } from './images/program-content.ts';
export { writeImage, type ImageFile, type ImageOptions } from './images/write-image.ts';
export { importImage, type ImportImageOptions } from './import-image.ts';
export { provideImages, type ProvideImagesOptions } from './provide-images.ts';
export { nodeMachine } from './requirements.ts';
