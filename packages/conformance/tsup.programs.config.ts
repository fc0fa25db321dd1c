import { programBuild } from '../../tsup.preset'

export default programBuild(['src/fidelity/main.ts', 'src/soak/main.ts'], 'dist/programs')
