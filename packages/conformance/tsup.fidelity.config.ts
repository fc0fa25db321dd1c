import { programBuild } from '../../tsup.preset'

export default programBuild(['src/fidelity/main.ts'], 'dist/fidelity')
