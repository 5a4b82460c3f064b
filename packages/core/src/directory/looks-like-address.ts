/** An e-mail address, or a telephone number with its country code. */
export function looksLikeAddress(id: string): boolean {
  return /^\S+@\S+\.\S+$/.test(id) || /^\+\d[\d ()-]{6,}$/.test(id)
}
