import { programBuild } from '../../tsup.preset'

export default programBuild(['src/main.ts'])
