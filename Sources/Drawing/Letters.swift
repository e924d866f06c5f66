// The letters: drawn with a pen, not filled, so that they look right at any size.
//
// One line a letter: the letter, its width, and its strokes. A stroke is a row of points of two digits each, x then y,
// in base 36 (0 … 9, a = 10 … z = 35). Small letters stand between y = 6, the line on which text stands, and y = i (18);
// capitals reach o (24); what hangs below the line goes down to 0. A stroke that begins with ~ is smooth: a quadratic B-spline
// that starts in its first point, ends in its last, and is pulled towards those between.

enum Letters {
    /// From the line on which text stands to the top of a capital, in the units of the points.
    static let capital = 18.0
    static let base = 6.0
    /// Between two letters.
    static let gap = 5.0

    struct Letter: Sendable {
        let width: Double
        /// Points with y upwards from the line on which text stands.
        let strokes: [[Point]]
    }

    static let all: [Character: Letter] = {
        var letters: [Character: Letter] = [" ": Letter(width: 4, strokes: [])]
        for line in drawn.split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count >= 3, let name = parts[0].first, let width = Int(parts[1], radix: 36) else { continue }
            letters[name] = Letter(width: Double(width), strokes: parts.dropFirst(2).map(stroke))
        }
        return letters
    }()

    /// What stands for a letter that is not in the table: a box.
    static let unknown = Letter(width: 9, strokes: [stroke("06969o0o06")])

    private static func stroke(_ text: Substring) -> [Point] {
        let smooth = text.first == "~"
        let digits = (smooth ? text.dropFirst() : text).compactMap { Int(String($0), radix: 36).map(Double.init) }
        let points = stride(from: 0, to: digits.count - 1, by: 2).map { Point(digits[$0], digits[$0 + 1] - base) }
        return smooth ? spline(points) : points
    }

    /// Eight straight pieces for every bend.
    private static func spline(_ points: [Point]) -> [Point] {
        guard points.count > 2 else { return points }
        var result = [points[0]]
        var start = points[0]
        for index in 1..<(points.count - 1) {
            let control = points[index], next = points[index + 1]
            let end = index == points.count - 2 ? next : Point((control.x + next.x) / 2, (control.y + next.y) / 2)
            for piece in 1...8 {
                let t = Double(piece) / 8, u = 1 - t
                result.append(
                    Point(
                        u * u * start.x + 2 * u * t * control.x + t * t * end.x,
                        u * u * start.y + 2 * u * t * control.y + t * t * end.y))
            }
            start = end
        }
        return result
    }

    private static let drawn = """
        ! 0 0o0c 0607
        " 4 0o0j 4o4j
        # c 265o 76ao 0bcb 1ici
        $ b ~bkao0o0fbfb6160a 6q64
        % e 16do ~3g6g6o0o0g3g ~b6e6ee8e86b6
        & c ~c61j1o9o9h0e0696cd
        ' 0 0o0j
        ( 4 ~4q0l0944
        ) 4 ~0q4l4904
        * 8 4n4f 0l8h 0h8l
        + a 585i 0dad
        , 1 1703
        - 7 0c7c
        . 0 0607
        / 8 048q
        0 a ~56a6ao0o0656
        1 a 1k5o56 1696
        2 a ~0j0oaoah06 06a6
        3 a ~0l1o9o9f4f ~4fafa61609
        4 a 767o0bab
        5 a 9o1o0g ~0g2iaia61609
        6 a ~56a6ah0h0656 ~9m8o0o0g0c
        7 a 0oao36
        8 a ~5f9f9o1o1f5f ~56a6af0f0656
        9 a ~5dadao0o0d5d ~1826a6aeai
        : 0 0607 0g0h
        ; 1 1703 1g1h
        < a aj0da7
        = a 0aaa 0gag
        > a 0jad07
        ? 9 ~0k0o9o9g4f4b 4647
        @ g ~8acacj4j4a8a ~cic9g9go0o04c4
        A c 066oc6 2cac
        B b 060o ~0o2oaoaf2f0f ~0f3fbfb63606
        C c ~ckao0o06a6ca
        D c 060o ~0o0ococ60606
        E a ao0o06a6 0f8f
        F a ao0o06 0f8f
        G c ~ckao0o06c6cf cf7f
        H c 060o c6co 0fcf
        I 0 060o
        J a ~aoaga6060b
        K b 060o bo0c 4gb6
        L a 0o06a6
        M e 060o7aeoe6
        N c 060oc6co
        O d ~76d6do0o0676
        P b 060o ~0o2obobd2d0d
        Q d ~76d6do0o0676 8bd5
        R b 060o ~0o2obobd2d0d 5db6
        S b ~bkao0o0fbfb6160a
        T c 0oco 6o66
        U c ~0o0g06c6cgco
        V c 0o66co
        W g 0o468oc6go
        X b 06bo 0ob6
        Y c 0o6fco 6f66
        Z b 0obo06b6
        [ 4 4q0q0444
        \\ 8 0q84
        ] 4 0q4q4404
        ^ 8 0k4o8k
        _ a 03a3
        ` 3 0o3k
        a a ~1g2iaiaca6 ~ad8d0d0696ab
        b a 0o06 ~56a6ai0i0656
        c a ~ag9i0i0696a8
        d a ~56a6ai0i0656 aoa6
        e a 0cac ~acai0i0686a8
        f 7 ~8o3o3i36 0i7i
        g a ~56a6ai0i0656 ~aia6a01002
        h a 0o06 ~0d0iaiaca6
        i 0 060i 0m0n
        j 3 ~3i343000 3m3n
        k 9 0o06 9i0b 3d96
        l 4 ~0o0c0646
        m g 060i ~0e0i8i8c86 ~8e8igigcg6
        n a 060i ~0d0iaiaca6
        o a ~56a6ai0i0656
        p a 000i ~56a6ai0i0656
        q a ~56a6ai0i0656 a0ai
        r 6 060i ~0c0i6i
        s 9 ~9g8i0i0c9c961608
        t 7 ~3n3c3676 0i7i
        u a ~0i0c06a6ab aia6
        v a 0i56ai
        w e 0i467ia6ei
        x 9 069i 0i96
        y a 0i56 ai30
        z 9 0i9i0696
        { 6 ~6q3q3f0f ~0f3f3464
        | 0 0q04
        } 6 ~0q3q3f6f ~6f3f3404
        ~ a ~0b2g8aaf
        − a 0dad
        – a 0dad
        × a 199h 1h99
        … c 0607 6667 c6c7
        ’ 1 1o0k
        ‘ 1 0o1k
        “ 5 0o1k 4o5k
        ” 5 1o0k 5o4k
        """
}
