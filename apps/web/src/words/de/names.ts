/** German: `../names.ts`. Animals with a word before them, which need no ending. */
import type { Catalogue } from '../catalogue.ts'

export const nameWords: Catalogue['nameWords'] = {
  both: (manner, animal) => `${manner}-${animal}`,
  manners:
    'Abend Apfel Bach Berg Bernstein Birken Blau Dünen Feder Feld Flieder Garten Gold Heide Herbst Honig Hügel Kiefern Klee ' +
    'Kupfer Linden Mai Mond Moos Morgen Nebel Nord Regen Rosen Samt Schatten Schnee See Silber Sommer Sonnen Stern Tal Tau ' +
    'Ufer Wald Wiesen Wind Winter Wolken Zimt',
  animals:
    'Adler Amsel Biber Bison Dachs Delfin Drossel Eichhorn Eisvogel Elster Ente Eule Falke Fink Fuchs Gecko Hase Hirsch Igel ' +
    'Iltis Kauz Kiebitz Kiwi Kranich Kuckuck Lerche Luchs Marder Meise Möwe Murmeltier Otter Panda Pinguin Rabe Reh Reiher ' +
    'Robbe Schwalbe Schwan Spatz Specht Star Storch Tapir Taube Uhu Walross Wiesel Zeisig',
}
