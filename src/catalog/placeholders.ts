export { isPlaceholder } from '../model/placeholders.ts';
