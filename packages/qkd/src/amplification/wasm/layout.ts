/** Where things lie in the memory of the module. */

/** For each of the 2,048 factors of the levels 15 to 4: eight tables of 16 bytes for the products of half bytes. */
export const factorTables = 0
export const factorTableBytes = 128
/** For each group of 2,048 values the 15 factors of the levels 3 to 0, 128 lanes each, in 16 bit planes. */
export const laneFactors: number = 2048 * factorTableBytes
export const laneFactorsPerGroup = 15
/** The products of half bytes with 1, as tower coordinates; and back. */
export const toTowerTables: number = laneFactors + 32 * laneFactorsPerGroup * 256
export const fromTowerTables: number = toTowerTables + 128
/** Where the constants end. */
export const tablesEnd: number = fromTowerTables + 128
/** Low bytes and high bytes of 65,536 elements. */
export const planes = 0x60000
export const planeBytes = 0x10000
/** 4 KiB. */
export const scratch: number = planes + 2 * planeBytes
export const firstBlock = 0x90000
export const blockBytes = 0x20000
