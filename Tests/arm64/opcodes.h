/* The operations of elementwise chains, in the order of ElementwiseOpcode. */
#ifndef ARM64_OPCODES_H
#define ARM64_OPCODES_H

enum {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, MULTIPLY_ADD, SELECT, GREATER, EQUAL, NEGATE, ABSOLUTE, EXPONENTIAL,
    LOGARITHM, SQUARE_ROOT, TANGENT, LOGISTIC, SOFTPLUS, OPCODES
};

int opcode_operands(int opcode);
double opcode_truth(int opcode, double a, double b, double c);

#endif
