export { isSecretName } from '../model/secret-names.ts';
