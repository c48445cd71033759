#include <stddef.h>
#include <stdint.h>
// From libFuzzer's FuzzerInterface.h.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*check)(const uint8_t *data, size_t size));
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t limit);
