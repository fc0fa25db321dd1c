import { libraryBuild } from '../../tsup.preset'

export default libraryBuild(['src/index.ts'])
