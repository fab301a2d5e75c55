// Solves small dense symmetric positive definite systems, the inner step of alternating least squares.
// Not a matrix library.

/**
 * Solves A x = b by A = L Lᵀ. `matrix` is A, [size × size] row-major, of which only the lower triangle is read;
 * it becomes L. `vector` is b, [size]; it becomes x. A must be positive definite (a ridge sees to it).
 */
export function solveInPlace(matrix: Float64Array, vector: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const rowStart = row * size;
    for (let column = 0; column <= row; column++) {
      const columnStart = column * size;
      let sum = matrix[rowStart + column]!;
      for (let inner = 0; inner < column; inner++)
        sum -= matrix[rowStart + inner]! * matrix[columnStart + inner]!;
      matrix[rowStart + column] = row === column ? Math.sqrt(sum) : sum / matrix[columnStart + column]!;
    }
  }
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let inner = 0; inner < row; inner++) sum -= matrix[row * size + inner]! * vector[inner]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row]!;
    for (let below = row + 1; below < size; below++) sum -= matrix[below * size + row]! * vector[below]!;
    vector[row] = sum / matrix[row * size + row]!;
  }
}
