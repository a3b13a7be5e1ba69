using SystemLibTorch.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator matrixPowerOp = new("aten::matrix_power");
        private static readonly Operator tensordotOp = new("aten::tensordot");
        private static readonly Operator matmulOp = new("aten::matmul");
        private static readonly Operator mmOp = new("aten::mm");
        private static readonly Operator bmmOp = new("aten::bmm");
        private static readonly Operator mvOp = new("aten::mv");
        private static readonly Operator dotOp = new("aten::dot");
        private static readonly Operator vdotOp = new("aten::vdot");
        private static readonly Operator innerOp = new("aten::inner");
        private static readonly Operator outerOp = new("aten::outer");
        private static readonly Operator addmmOp = new("aten::addmm");
        private static readonly Operator addmmInPlace = new("aten::addmm_");
        private static readonly Operator addmvOp = new("aten::addmv");
        private static readonly Operator addbmmOp = new("aten::addbmm");
        private static readonly Operator baddbmmOp = new("aten::baddbmm");
        private static readonly Operator addrOp = new("aten::addr");
        private static readonly Operator inverseOp = new("aten::inverse");
        private static readonly Operator detOp = new("aten::det");
        private static readonly Operator kronOp = new("aten::kron");

        /// <summary>The matrix product, with broadcasting of batches.</summary>
        public Tensor matmul(Tensor target) => matmulOp.Call(this, target);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => mmOp.Call(this, target);

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2) => bmmOp.Call(this, batch2);

        /// <summary>The product of a matrix and a vector.</summary>
        public Tensor mv(Tensor target) => mvOp.Call(this, target);

        /// <summary>The inner product of two vectors.</summary>
        public Tensor dot(Tensor target) => dotOp.Call(this, target);

        /// <summary>The inner product of two vectors, the first conjugated.</summary>
        public Tensor vdot(Tensor target) => vdotOp.Call(this, target);

        /// <summary>The inner products along the last dimensions.</summary>
        public Tensor inner(Tensor vec2) => innerOp.Call(this, vec2);

        /// <summary>The outer product of two vectors.</summary>
        public Tensor outer(Tensor vec2) => outerOp.Call(this, vec2);

        /// <summary>The outer product of two vectors.</summary>
        public Tensor ger(Tensor vec2) => outer(vec2);

        /// <summary>beta times this matrix plus alpha times a product of matrices.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => addmmOp.Call(this, mat1, mat2, beta, alpha);

        /// <summary>Scales this matrix and adds a product of matrices.</summary>
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => addmmInPlace.Modify(this, this, mat1, mat2, beta, alpha);

        /// <summary>beta times this vector plus alpha times the product of a matrix and a vector.</summary>
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => addmvOp.Call(this, mat, vec, beta, alpha);

        /// <summary>beta times this matrix plus alpha times a sum of products of matrices.</summary>
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => addbmmOp.Call(this, batch1, batch2, beta, alpha);

        /// <summary>beta times this batch plus alpha times products of matrices.</summary>
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => baddbmmOp.Call(this, batch1, batch2, beta, alpha);

        /// <summary>beta times this matrix plus alpha times the outer product of two vectors.</summary>
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => addrOp.Call(this, vec1, vec2, beta, alpha);

        /// <summary>The inverse of a matrix.</summary>
        public Tensor inverse() => inverseOp.Call(this);

        /// <summary>The determinant of a matrix.</summary>
        public Tensor det() => detOp.Call(this);

        /// <summary>The Kronecker product.</summary>
        public Tensor kron(Tensor other) => kronOp.Call(this, other);

        /// <summary>A power of a matrix.</summary>
        public Tensor matrix_power(int n) => matrixPowerOp.Call(this, (long)n);

        /// <summary>The sum of products over given dimensions.</summary>
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => tensordotOp.Call(this, b, dims1, dims2);

        /// <summary>The sum of products over this tensor's last dimensions and the other's first.</summary>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            var own = new long[dims];
            var others = new long[dims];
            for (var i = 0; i < dims; i++) (own[i], others[i]) = (dim() - dims + i, i);
            return tensordot(b, own, others);
        }
    }

    private static readonly Operator einsumOp = new("aten::einsum");
    private static readonly Operator cdistOp = new("aten::cdist");

    /// <summary>Einstein's sum.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => einsumOp.Call(equation, tensors);

    /// <summary>beta times a matrix plus alpha times a product of matrices.</summary>
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    /// <summary>The p-norm distances between all pairs of rows.</summary>
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        cdistOp.Call(x1, x2, p, (long)compute_mode);

    /// <summary>The matrix product, with broadcasting of batches.</summary>
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    /// <summary>The product of two matrices.</summary>
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    /// <summary>The products of two batches of matrices.</summary>
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    /// <summary>The product of a matrix and a vector.</summary>
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    /// <summary>The inner product of two vectors.</summary>
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    /// <summary>The inner product of two vectors, the first conjugated.</summary>
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);

    /// <summary>The inner products along the last dimensions.</summary>
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);

    /// <summary>The outer product of two vectors.</summary>
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    /// <summary>The outer product of two vectors.</summary>
    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);

    /// <summary>Scales this matrix and adds a product of matrices.</summary>
    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);

    /// <summary>beta times this vector plus alpha times the product of a matrix and a vector.</summary>
    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);

    /// <summary>beta times this matrix plus alpha times a sum of products of matrices.</summary>
    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.addbmm(batch1, batch2, beta, alpha);

    /// <summary>beta times this batch plus alpha times products of matrices.</summary>
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);

    /// <summary>beta times this matrix plus alpha times the outer product of two vectors.</summary>
    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => input.addr(vec1, vec2, beta, alpha);

    /// <summary>The inverse of a matrix.</summary>
    public static Tensor inverse(Tensor input) => input.inverse();

    /// <summary>The determinant of a matrix.</summary>
    public static Tensor det(Tensor input) => input.det();

    /// <summary>The Kronecker product.</summary>
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);

    /// <summary>A power of a matrix.</summary>
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);

    /// <summary>The sum of products over given dimensions.</summary>
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);

    /// <summary>The sum of products over a tensor's last dimensions and the other's first.</summary>
    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);

    /// <summary>Linear algebra.</summary>
    public static partial class linalg
    {
        private static readonly Operator linalgNormOp = new("aten::linalg_norm");
        private static readonly Operator linalgEighOp = new("aten::linalg_eigh");
        private static readonly Operator linalgInvOp = new("aten::linalg_inv");
        private static readonly Operator linalgDetOp = new("aten::linalg_det");
        private static readonly Operator linalgSolveOp = new("aten::linalg_solve");
        private static readonly Operator linalgCholeskyOp = new("aten::linalg_cholesky");
        private static readonly Operator linalgVectorNormOp = new("aten::linalg_vector_norm");
        private static readonly Operator linalgSvdvalsOp = new("aten::linalg_svdvals");
        private static readonly Operator linalgSvdOp = new("aten::linalg_svd");

        /// <summary>The inverse of a matrix.</summary>
        public static Tensor inv(Tensor input) => linalgInvOp.Call(input);

        /// <summary>The determinant of a matrix.</summary>
        public static Tensor det(Tensor input) => linalgDetOp.Call(input);

        /// <summary>The solution of a linear system.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => linalgSolveOp.Call(A, B, left);

        /// <summary>The Cholesky factor of a matrix.</summary>
        public static Tensor cholesky(Tensor input) => linalgCholeskyOp.Call(input);

        /// <summary>The norm of a vector.</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            linalgVectorNormOp.Call(input, ord, dims, keepdim);

        /// <summary>The norm of a vector or of a matrix.</summary>
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => linalgNormOp.Call(input, Arg.None, dims, keepdim);

        /// <summary>The singular values of a matrix.</summary>
        public static Tensor svdvals(Tensor input) => linalgSvdvalsOp.Call(input);

        /// <summary>The singular value decomposition of a matrix.</summary>
        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true) => linalgSvdOp.Call3(input, fullMatrices);

        /// <summary>Eigenvalues and eigenvectors of a symmetric matrix.</summary>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => linalgEighOp.Call2(input, UPLO.ToString());
    }
}
