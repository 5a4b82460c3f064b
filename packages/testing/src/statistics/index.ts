export { chiSquarePValue, upperTail } from './chi-square.js'
export { seededDraw } from './seeded-draw.js'
