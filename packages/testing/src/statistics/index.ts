export { chiSquarePValue } from './chi-square.js'
export { seededDraw } from './seeded-draw.js'
