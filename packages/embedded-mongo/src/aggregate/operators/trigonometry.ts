import { toDouble } from '../../bson/numeric.ts'
import type { OperatorFactory } from '../scope.ts'
import { nullable, numberOr } from './arguments.ts'

const ofOne = (compute: (value: number) => number): OperatorFactory =>
  nullable(1, 1, ([value], name) => compute(toDouble(numberOr(value, name))))

export const trigonometryOperators: Record<string, OperatorFactory> = {
  $sin: ofOne(Math.sin),
  $cos: ofOne(Math.cos),
  $tan: ofOne(Math.tan),
  $asin: ofOne(Math.asin),
  $acos: ofOne(Math.acos),
  $atan: ofOne(Math.atan),
  $sinh: ofOne(Math.sinh),
  $cosh: ofOne(Math.cosh),
  $tanh: ofOne(Math.tanh),
  $asinh: ofOne(Math.asinh),
  $acosh: ofOne(Math.acosh),
  $atanh: ofOne(Math.atanh),
  $atan2: nullable(2, 2, ([y, x], name) =>
    Math.atan2(toDouble(numberOr(y, name)), toDouble(numberOr(x, name))),
  ),
  $degreesToRadians: ofOne((value) => (value * Math.PI) / 180),
  $radiansToDegrees: ofOne((value) => (value * 180) / Math.PI),
}
